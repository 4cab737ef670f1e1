import { createHash } from 'node:crypto';
import { acceptCopy } from './recipient-checks';
import { signDetached } from './signatures';
import { AT, type Party, party } from '../../test/attacks/envelope/forge';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const line = (agency: string, part = 'part-1'): string => JSON.stringify({ salt: 'c2FsdA', recipient: { agency, contact: 'mash' }, part, needToKnow: 'child-at-risk' });

describe('accepting a copy', () => {
  let sender: Party;
  beforeAll(async () => {
    sender = await party('Wirral Council');
  });

  const OURS = [line('merseyside-police'), line('merseyside-police', 'part-2')];
  const THEIRS = line('nhs-trust');
  const manifest = (change: object = {}): string => JSON.stringify({ id: '0195', sender: { agency: 'wirral-council' }, lines: [...OURS, THEIRS].map(sha256).sort(), ...change });

  const codes = async (text: string, change: Partial<Parameters<typeof acceptCopy>[0]> = {}): Promise<string[]> => {
    const manifestOctets = Buffer.from(text);
    const signature = await signDetached({ octets: manifestOctets, key: sender.key, at: AT });
    const answer = await acceptCopy({ manifestOctets, signature, senderCertificate: sender.certificate, lines: OURS, own: 'merseyside-police', at: AT, ...change });
    return answer.ok ? [] : answer.problems.map(({ code, line: at }) => (at === undefined ? code : `${code} ${at}`));
  };

  test('gives the manifest and the lines, parsed', async () => {
    const manifestOctets = Buffer.from(manifest());
    const signature = await signDetached({ octets: manifestOctets, key: sender.key, at: AT });
    const answer = await acceptCopy({ manifestOctets, signature, senderCertificate: sender.certificate, lines: OURS, own: 'merseyside-police', at: AT, sender: 'wirral-council' });
    expect(answer).toMatchObject({ ok: true, manifest: { id: '0195' }, lines: [{ part: 'part-1' }, { part: 'part-2' }] });
  });

  test.each<[string, string[], () => Promise<string[]>]>([
    ['a line that the sender never wrote', ['LINE_NOT_IN_MANIFEST 1'], () => codes(manifest(), { lines: [OURS[0] ?? '', line('merseyside-police', 'part-9')] })],
    ['a line with a space more', ['LINE_NOT_IN_MANIFEST 0'], () => codes(manifest(), { lines: [`${OURS[0]} `] })],
    ['another’s line', ['LINE_FOR_ANOTHER 1'], () => codes(manifest(), { lines: [OURS[0] ?? '', THEIRS] })],
    ['a line that is no object', ['LINE_NOT_IN_MANIFEST 0', 'LINE_UNREADABLE 0'], () => codes(manifest(), { lines: ['[]'] })],
    ['a line that names a recipient twice', ['LINE_UNREADABLE 0'], async () => {
      const twice = '{"recipient":{"agency":"nhs-trust"},"recipient":{"agency":"merseyside-police"}}';
      return codes(manifest({ lines: [sha256(twice)] }), { lines: [twice] });
    }],
    ['a manifest whose lines are out of order', ['MANIFEST_UNREADABLE'], () => codes(manifest({ lines: [...OURS, THEIRS].map(sha256).sort().reverse() }))],
    ['a manifest that is no object', ['MANIFEST_UNREADABLE'], () => codes('[]')],
    ['a manifest signed by another', ['SIGNATURE_WRONG_KEY'], async () => codes(manifest(), { senderCertificate: (await party('x')).certificate })],
    ['a manifest changed after signing', ['SIGNATURE_OTHER_BYTES'], () => codes(manifest(), { manifestOctets: Buffer.from(manifest({ id: '0196' })) })],
    ['a manifest in another’s name', ['SENDER_MISMATCH'], () => codes(manifest(), { sender: 'nhs-trust' })],
    ['all of it', ['SIGNATURE_MISSING', 'SENDER_MISMATCH', 'LINE_FOR_ANOTHER 0'], () => codes(manifest(), { signature: '', sender: 'x', lines: [THEIRS] })],
  ])('refuses %s', async (_, expected, act) => {
    expect(await act()).toEqual(expected);
  });
});
