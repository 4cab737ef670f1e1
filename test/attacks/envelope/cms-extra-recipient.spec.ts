import { type KnownKey, matchAddressees } from '#envelope/addressees';
import { copyHead } from '#envelope/parts';
import { parsedCertificate } from '#envelope/smime-certificates';
import { openSmime } from '#envelope/smime-opening';
import { sealSmime } from '#envelope/smime-sealing';
import { throughPartGate } from './cms-forge';
import { AT } from './forge';
import { issue, type Issued } from './x509';

describe('C5, in CMS: a sender adds a recipient, or leaves one out', () => {
  let sender: Issued;
  let people: Issued[];
  beforeAll(() => {
    sender = issue('Wirral Council');
    people = [issue('police', { key: 'rsa3072' }), issue('trust'), issue('school', { key: 'P-384' }), issue('stranger')];
  });

  const sealedTo = (to: readonly number[]): Uint8Array => sealSmime({ octets: Buffer.from('canary'), to: to.flatMap((at) => people[at]?.certificate ?? []), signer: sender.identity, manifest: 'm', part: 'part-1', at: AT });
  const knownAmong = (directory: readonly number[], standing: KnownKey['standing'] = 'current') => (name: string): KnownKey | undefined => {
    const at = people.findIndex(({ certificate }) => certificate.names.includes(name));
    return directory.includes(at) ? { recipient: `recipient-${at}`, standing, key: people[at]?.certificate.key ?? '' } : undefined;
  };

  const judge = async (to: number[], proposed: number[], standing: KnownKey['standing'] = 'current'): Promise<string[]> => {
    const { answer } = await throughPartGate(sealedTo(to));
    if (!answer.ok) return [answer.problem.code];
    const matched = matchAddressees(answer.part, knownAmong([0, 1, 2], standing), proposed.map((at) => `recipient-${at}`));
    return matched.ok ? [] : matched.problems.map(({ code, recipient }) => (recipient ? `${code} ${recipient}` : code)).sort();
  };

  test.each<[string, number[], number[], string[]]>([
    ['exactly those proposed', [0, 1], [0, 1], []],
    ['one more, who is in the directory', [0, 1, 2], [0, 1], ['ADDRESSEE_NOT_PROPOSED recipient-2']],
    ['one more, whom nobody knows', [0, 1, 3], [0, 1], ['UNKNOWN_ADDRESSEE']],
    ['one too few', [0], [0, 1], ['RECIPIENT_NOT_ADDRESSED recipient-1']],
    ['another in the place of one', [0, 2], [0, 1], ['ADDRESSEE_NOT_PROPOSED recipient-2', 'RECIPIENT_NOT_ADDRESSED recipient-1']],
    ['the same one twice, who could be told two things', [0, 0], [0], ['SEVERAL_MESSAGES']],
  ])('%s', async (_what, to, proposed, expected) => {
    expect(await judge(to, proposed)).toEqual(expected);
  });

  test('C7: a certificate that was revoked', async () => {
    expect(await judge([0], [0], 'revoked')).toEqual(['KEY_NOT_VERIFIED recipient-0']);
  });

  test('who was cut away cannot open any copy, and is named in none', async () => {
    const { answer, out } = await throughPartGate(sealedTo([0, 1, 3]));
    if (!answer.ok) throw new Error(answer.problem.code);
    const { part } = answer;
    for (const at of [0, 1]) {
      const copy = Buffer.concat([copyHead(part, part.addressees.filter(({ keyId = '' }) => knownAmong([at])(keyId))), out]);
      const opens = people.map(({ identity }) => openSmime({ octets: copy, identities: [identity], manifest: 'm', part: 'part-1', at: AT }).ok);
      expect(opens).toEqual(people.map((_, each) => each === at));
      expect(people.filter(({ name }) => copy.includes(name)).map(({ name }) => name)).toEqual([people[at]?.name]);
    }
  });
});

test('a lying sender labels a stranger’s wrapped key with a recipient’s name: it passes for that recipient, who can’t open it, and the stranger gets no copy', async () => {
  const [police, stranger, sender] = [issue('police'), issue('stranger'), issue('sender')];
  const label = issue('police', { keys: stranger, serial: Buffer.from(serialOf(police)) });
  expect(label.certificate.names[0]).toBe(police.certificate.names[0]);
  const sealed = sealSmime({ octets: Buffer.from('canary'), to: [label.certificate], signer: sender.identity, manifest: 'm', part: 'part-1', at: AT });
  const { answer } = await throughPartGate(sealed);
  expect(answer.ok && answer.part.addressees.map(({ keyId }) => keyId)).toEqual([police.certificate.names[0]]);
  expect(openSmime({ octets: sealed, identities: [police.identity], manifest: 'm', part: 'part-1', at: AT })).toEqual({ ok: false, code: 'CANNOT_OPEN' });
});

const serialOf = ({ certificate }: Issued): Uint8Array => Buffer.from(parsedCertificate(certificate).x509.serialNumber, 'hex');
