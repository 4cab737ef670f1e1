import { type KeyStatement, makeStatement, verifyStatement } from './key-statement';
import { signDetached } from './signatures';
import { AT, type Party, party } from '../../test/attacks/envelope/forge';

describe('a key statement', () => {
  let coordinator: Party;
  let council: Party;
  let statement: KeyStatement;
  beforeAll(async () => {
    [coordinator, council] = [await party('Co-ordinator'), await party('Wirral Council')];
    statement = { agency: 'wirral-council', contact: 'front-door', fingerprint: council.certificate.fingerprint, use: 'seal', from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };
  });

  const verify = async (octets: Uint8Array, signature: Uint8Array, change: Partial<Parameters<typeof verifyStatement>[0]> = {}): Promise<string> => {
    const answer = await verifyStatement({ octets, signature, coordinator: coordinator.certificate, at: AT, expected: statement, ...change });
    return answer.ok ? 'holds' : answer.code;
  };
  const signed = async (text: string): Promise<[Uint8Array, Uint8Array]> => [Buffer.from(text), await signDetached({ octets: Buffer.from(text), key: coordinator.key, at: AT })];

  test('is RFC 8785 text, and holds for the key that it names', async () => {
    const { octets, signature } = await makeStatement(statement, coordinator.key, AT);
    expect(Buffer.from(octets).toString()).toBe(
      `{"agency":"wirral-council","contact":"front-door","fingerprint":"${council.certificate.fingerprint}","from":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z","use":"seal"}`,
    );
    expect(await verify(octets, signature)).toBe('holds');
  });

  test('of an S/MIME certificate says so, and holds for it alone', async () => {
    const smime = { ...statement, fingerprint: 'AB'.repeat(32), form: 'smime' as const };
    const { octets, signature } = await makeStatement(smime, coordinator.key, AT);
    expect(Buffer.from(octets).toString()).toContain(`"fingerprint":"${smime.fingerprint}","form":"smime","from":`);
    expect(await verify(octets, signature, { expected: smime })).toBe('holds');
    const { form: _form, ...openpgp } = smime;
    expect(await verify(octets, signature, { expected: openpgp })).toBe('STATEMENT_FOR_ANOTHER');
  });

  test.each<[string, object]>([
    ['another agency', { agency: 'merseyside-police' }],
    ['another contact', { contact: 'archive' }],
    ['another key', { fingerprint: 'AA'.repeat(20) }],
    ['another use', { use: 'sign' }],
    ['a certificate of the other form', { form: 'smime' }],
  ])('does not hold for %s', async (_, change) => {
    const { octets, signature } = await makeStatement(statement, coordinator.key, AT);
    expect(await verify(octets, signature, { expected: { ...statement, ...change } })).toBe('STATEMENT_FOR_ANOTHER');
  });

  test('holds from its first instant up to its last, not on it', async () => {
    const { octets, signature } = await makeStatement(statement, coordinator.key, AT);
    const on = (at: string): Promise<string> => verify(octets, signature, { at: new Date(at) });
    expect([await on('2026-12-31T23:59:59Z'), await on('2027-01-01T00:00:00Z')]).toEqual(['holds', 'STATEMENT_NOT_CURRENT']);
    const early = await makeStatement({ ...statement, from: '2026-06-01T00:00:00Z' }, coordinator.key, AT);
    expect(await verify(early.octets, early.signature)).toBe('STATEMENT_NOT_CURRENT');
  });

  test.each<[string, (text: string) => string]>([
    ['a space more', (text) => text.replace(',', ', ')],
    ['a newline at its end', (text) => `${text}\n`],
    ['a name twice', (text) => text.replace('{', '{"agency":"wirral-council",')],
    ['a member more', (text) => text.replace('}', ',"x":1}')],
    ['another form than S/MIME', (text) => text.replace('"from"', '"form":"openpgp","from"')],
    ['another use than seal and sign', (text) => text.replace('"seal"', '"both"')],
    ['a fingerprint in small letters', (text) => text.toLowerCase()],
    ['its end before its beginning', (text) => text.replace('2027', '2025')],
    ['a date that is none', (text) => text.replace('2026-01-01', '2026-13-41')],
  ])('is not read with %s, though it is signed', async (_, change) => {
    const { octets } = await makeStatement(statement, coordinator.key, AT);
    expect(await verify(...(await signed(change(Buffer.from(octets).toString()))))).toBe('STATEMENT_MALFORMED');
  });

  test('is not made malformed', async () => {
    await expect(makeStatement({ ...statement, fingerprint: 'x' }, coordinator.key)).rejects.toThrow('malformed');
  });

  test('must be the co-ordinator’s', async () => {
    const { octets, signature } = await makeStatement(statement, council.key, AT);
    expect(await verify(octets, signature)).toBe('STATEMENT_NOT_SIGNED');
  });
});
