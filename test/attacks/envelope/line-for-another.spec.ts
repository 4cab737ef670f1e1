import { createHash } from 'node:crypto';
import { acceptCopy } from '#envelope/recipient-checks';
import { signDetached } from '#envelope/signatures';
import { AT, type Party, party } from './forge';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const line = (agency: string): string => JSON.stringify({ salt: 'c2FsdA', recipient: { agency, contact: 'mash' }, part: 'part-1' });

/** A gateway gone wrong hands the police a line that was written for the trust, or makes one up. */
describe('a line goes to another', () => {
  let council: Party;
  beforeAll(async () => {
    council = await party('Wirral Council');
  });

  const accept = async (lines: string[]): Promise<string[]> => {
    const manifestOctets = Buffer.from(JSON.stringify({ id: '0195', sender: 'wirral-council', lines: [sha256(line('trust')), sha256(line('police'))].sort() }));
    const signature = await signDetached({ octets: manifestOctets, key: council.key, at: AT });
    const answer = await acceptCopy({ manifestOctets, signature, senderCertificate: council.certificate, lines, own: 'police', at: AT });
    return answer.ok ? [] : answer.problems.map(({ code }) => code);
  };

  test('its own line is accepted', async () => {
    expect(await accept([line('police')])).toEqual([]);
  });

  test('one written for the trust is not', async () => {
    expect(await accept([line('police'), line('trust')])).toEqual(['LINE_FOR_ANOTHER']);
  });

  test('nor one that was rewritten for the police', async () => {
    expect(await accept([line('trust').replace('trust', 'police').replace('part-1', 'part-2')])).toEqual(['LINE_NOT_IN_MANIFEST']);
  });

  test('nor one written for two at once', async () => {
    const both = '{"recipient":{"agency":"police"},"recipient":{"agency":"trust"}}';
    expect(await accept([both])).toEqual(['LINE_NOT_IN_MANIFEST', 'LINE_UNREADABLE']);
  });
});
