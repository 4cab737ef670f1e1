import fc from 'fast-check';
import { armorOctets, cutHead } from '#envelope/cutting';
import { throughGate } from './forge';
import { MESSAGE } from './forge';

const CANARY = 'CANARY the child is at 14 Elm Road';
const TEXT = armorOctets(MESSAGE);

/** Wherever words are put around a message, either it is refused, or the words are in nothing that leaves the gate. */
test.each<[string, string]>([
  ['before', `${CANARY}\n${TEXT}`],
  ['after', `${TEXT}${CANARY}\n`],
  ['between two messages', `${TEXT}${CANARY}\n${TEXT}`],
  ['as a header', TEXT.replace('\n\n', `\nComment: ${CANARY}\n\n`)],
  ['as a line among the headers', TEXT.replace('\n\n', `\n${CANARY}\n\n`)],
  ['on the BEGIN line', TEXT.replace('\n', ` ${CANARY}\n`)],
  ['on the END line', `${TEXT.trimEnd()} ${CANARY}\n`],
  ['on the END line, which is the last and does not end', `${TEXT.trimEnd()}${CANARY}`],
  ['in the middle', TEXT.replace(/(?<=\n\n.{8})/, `\n${CANARY}\n`)],
])('C2: words %s', async (_, text) => {
  for (const size of [1, 11, 65_536]) {
    const { answer, out } = await throughGate(text, { size });
    expect(JSON.stringify(answer)).not.toContain('Elm');
    if (!answer.ok) continue;
    expect(text).toContain(`Comment: ${CANARY}`);
    expect(Buffer.concat([cutHead(answer.part.addressees), out]).toString('latin1')).not.toContain('Elm');
  }
});

test('C2: no text that stands outside the block ever comes out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), fc.boolean(), async (before, after, ended) => {
      const { answer, out } = await throughGate(`${before}\n${ended ? TEXT : TEXT.trimEnd()}${after}`);
      if (answer.ok) expect((before + after).trim()).toBe('');
      else expect(out.length).toBeLessThanOrEqual(MESSAGE.length);
    }),
  );
});
