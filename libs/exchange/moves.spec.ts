import { from, isEnd, MOVES, requireMove, TRANSFER_STATES } from './moves';

test('every accepted transfer ends acknowledged, returned, undeliverable or recalled', () => {
  expect(TRANSFER_STATES.filter(isEnd)).toEqual(['acknowledged', 'returned', 'undeliverable', 'recalled']);
});

test('from every state an end can be reached, and from every open one undeliverable: nothing stays for ever', () => {
  for (const state of TRANSFER_STATES.filter((each) => !isEnd(each))) expect(MOVES[state]).toContain('undeliverable');
});

test('recall ends where collection begins', () => {
  expect(from('recalled').sort()).toEqual(['available', 'held', 'queued']);
  expect(() => requireMove('collected', 'recalled')).toThrow('WRONG_STATE');
});
