import { matchAddressees } from '#envelope/addressees';
import { cutHead } from '#envelope/cutting';
import { open } from '#envelope/sealing';
import { AT, party, sealFor, throughGate } from './forge';

/**
 * A lying sender seals to a stranger and writes a recipient's key ID on it. Nothing that can be seen without the secret key shows it: the
 * gate proves labels, not honesty. So the copy goes to the named recipient only, who finds that it can't open it and says so; the stranger
 * is given nothing.
 */
test('a wrapped key with another’s label passes, and its recipient finds it out', async () => {
  const [sender, police, stranger] = [await party('Wirral Council'), await party('Merseyside Police'), await party('Stranger')];
  const sealed = Uint8Array.from(await sealFor([stranger], sender));
  sealed.set(Buffer.from(police.keyId, 'hex'), 3);

  const { answer, out } = await throughGate(sealed);
  if (!answer.ok) throw new Error(answer.problem.code);
  const matched = matchAddressees(answer.part, (id) => (id === police.keyId ? { recipient: 'merseyside-police/mash', standing: 'current' } : undefined), ['merseyside-police/mash']);
  if (!matched.ok) throw new Error(matched.problems[0]?.code);
  expect([...matched.copies.keys()]).toEqual(['merseyside-police/mash']);

  const copy = Buffer.concat([cutHead(matched.copies.get('merseyside-police/mash') ?? []), out]);
  const opened = await open({ octets: copy, keys: [police.key], author: sender.certificate, manifest: 'manifest-a', part: 'part-1', at: AT });
  expect(opened).toEqual({ ok: false, code: 'CANNOT_OPEN' });
});
