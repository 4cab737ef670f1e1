import { GATE_CODES } from './codes';

test('every code has a sentence, a next step and the status that the wire gives it', () => {
  for (const [code, { status, says, next }] of Object.entries(GATE_CODES)) {
    expect([code, status]).toEqual([code, code === 'TOO_LARGE' ? 413 : 422]);
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(next).toMatch(/^[A-Z].*\.$/);
  }
});
