import { type KnownKey, matchAddressees } from '#envelope/addressees';
import { type Party, party, sealFor, throughGate } from './forge';

describe('C5: a sender adds an addressee, or leaves one out', () => {
  let sender: Party;
  let people: Party[];
  beforeAll(async () => {
    sender = await party('Wirral Council');
    people = await Promise.all(['police', 'trust', 'school', 'stranger'].map((name) => party(name)));
  });

  const judge = async (to: number[], proposed: number[], directory: number[]): Promise<string[]> => {
    const { answer } = await throughGate(await sealFor(to.flatMap((at) => people[at] ?? []), sender));
    if (!answer.ok) return [answer.problem.code];
    const known = (id: string): KnownKey | undefined => {
      const at = people.findIndex(({ keyId }) => keyId === id);
      return directory.includes(at) ? { recipient: `recipient-${at}`, standing: 'current' } : undefined;
    };
    const matched = matchAddressees(answer.part, known, proposed.map((at) => `recipient-${at}`));
    return matched.ok ? [] : matched.problems.map(({ code, recipient }) => (recipient ? `${code} ${recipient}` : code));
  };

  test.each<[string, number[], number[], string[]]>([
    ['exactly those proposed', [0, 1], [0, 1], []],
    ['one more, who is in the directory', [0, 1, 2], [0, 1], ['ADDRESSEE_NOT_PROPOSED recipient-2']],
    ['one more, whom nobody knows', [0, 1, 3], [0, 1], ['UNKNOWN_ADDRESSEE']],
    ['one too few', [0], [0, 1], ['RECIPIENT_NOT_ADDRESSED recipient-1']],
    ['another in the place of one', [0, 2], [0, 1], ['ADDRESSEE_NOT_PROPOSED recipient-2', 'RECIPIENT_NOT_ADDRESSED recipient-1']],
  ])('%s', async (_, to, proposed, expected) => {
    expect(await judge(to, proposed, [0, 1, 2])).toEqual(expected);
  });
});
