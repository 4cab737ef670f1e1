import { makeStatement, verifyStatement } from '#envelope/key-statement';
import { AT, certificateFrom, type Party, party } from './forge';

const COUNCIL = { agency: 'wirral-council', contact: 'front-door', use: 'seal' as const };
const WINDOW = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };

/** Who runs the directory could serve a certificate of its own and read what is sealed to it. The co-ordinator's word stands in the way. */
describe('the operator serves another certificate', () => {
  let coordinator: Party;
  let council: Party;
  let operator: Party;
  beforeAll(async () => {
    [coordinator, council, operator] = [await party('Co-ordinator'), await party('Wirral Council'), await party('Operator')];
  });

  const check = async (served: Party, statement: { octets: Uint8Array; signature: Uint8Array }, at = AT): Promise<string> => {
    const expected = { ...COUNCIL, fingerprint: served.certificate.fingerprint };
    const answer = await verifyStatement({ ...statement, coordinator: coordinator.certificate, at, expected });
    return answer.ok ? 'holds' : answer.code;
  };
  const statementBy = (by: Party, about: Party, change: object = {}) => makeStatement({ ...COUNCIL, ...WINDOW, fingerprint: about.certificate.fingerprint, ...change }, by.key, AT);

  test('with the statement of the right one', async () => {
    const statement = await statementBy(coordinator, council);
    expect(await check(council, statement)).toBe('holds');
    expect(await check(operator, statement)).toBe('STATEMENT_FOR_ANOTHER');
  });

  test('with a statement of its own making', async () => {
    expect(await check(operator, await statementBy(operator, operator))).toBe('STATEMENT_NOT_SIGNED');
  });

  test('with a statement that another agency was given for that key', async () => {
    expect(await check(operator, await statementBy(coordinator, operator, { agency: 'operator-ltd' }))).toBe('STATEMENT_FOR_ANOTHER');
  });

  test('with a statement for signing where one for sealing is needed', async () => {
    expect(await check(operator, await statementBy(coordinator, operator, { use: 'sign' }))).toBe('STATEMENT_FOR_ANOTHER');
  });

  test('with a statement that has run out', async () => {
    expect(await check(council, await statementBy(coordinator, council), new Date('2027-02-01T00:00:00Z'))).toBe('STATEMENT_NOT_CURRENT');
  });

  test('with the fingerprint changed in the text', async () => {
    const { octets, signature } = await statementBy(coordinator, council);
    const text = Buffer.from(octets).toString().replace(council.certificate.fingerprint, operator.certificate.fingerprint);
    expect(await check(operator, { octets: Buffer.from(text), signature })).toBe('STATEMENT_NOT_SIGNED');
  });

  test('with a subkey of its own hung on the right certificate: it does not count, for the owner did not sign it', async () => {
    // The operator's subkey packet and its binding stand at the end of its own certificate, after key, user ID and self-signature.
    const own = Buffer.from(operator.certificate.octets);
    const subkey = own.subarray(own.indexOf(Buffer.from([0xc0 | 14, 56, 4])));
    const grafted = await certificateFrom(Buffer.concat([council.certificate.octets, subkey]));
    expect(grafted.fingerprint).toBe(council.certificate.fingerprint);
    expect(grafted.seal.map(({ keyId }) => keyId)).toEqual([council.keyId]);
  });
});
