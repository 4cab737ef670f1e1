import { cutHead } from '#envelope/cutting';
import { open } from '#envelope/sealing';
import { AT, type Party, party, sealFor, throughGate } from './forge';

/** Police received a part from the council under manifest A and sends it on to the trust under its own manifest B. */
describe('a part is passed on as if it were one’s own', () => {
  let council: Party;
  let police: Party;
  let trust: Party;
  beforeAll(async () => {
    [council, police, trust] = [await party('Wirral Council'), await party('Merseyside Police'), await party('Trust')];
  });

  test('the same ciphertext under another manifest is refused by its reader, whoever is said to be the sender', async () => {
    const sealed = await sealFor([police, trust], council, 'x', { manifest: 'manifest-a' });
    for (const author of [police.certificate, council.certificate, undefined]) {
      expect(await open({ octets: sealed, keys: [trust.key], author, manifest: 'manifest-b', part: 'part-1', at: AT })).toEqual({ ok: false, code: 'BOUND_TO_ANOTHER' });
    }
  });

  test('under the same manifest number, in another sender’s name, the signature gives it away', async () => {
    const sealed = await sealFor([police, trust], council, 'x', { manifest: 'manifest-a' });
    expect(await open({ octets: sealed, keys: [trust.key], author: police.certificate, manifest: 'manifest-a', part: 'part-1', at: AT })).toEqual({ ok: false, code: 'AUTHOR_MISMATCH' });
  });

  test('one part of a share can’t stand in for another', async () => {
    const sealed = await sealFor([trust], council, 'x', { part: 'part-2' });
    expect(await open({ octets: sealed, keys: [trust.key], author: council.certificate, manifest: 'manifest-a', part: 'part-1', at: AT })).toEqual({ ok: false, code: 'BOUND_TO_ANOTHER' });
  });

  test('wrapped keys of one part before the data of another open nothing', async () => {
    const [one, other] = [await throughGate(await sealFor([trust], council, 'one')), await throughGate(await sealFor([trust], council, 'other'))];
    const mixed = Buffer.concat([cutHead(one.answer.ok ? one.answer.part.addressees : []), other.out]);
    expect((await throughGate(mixed)).answer.ok).toBe(true);
    expect(await open({ octets: mixed, keys: [trust.key], author: council.certificate, manifest: 'manifest-a', part: 'part-1', at: AT })).toEqual({ ok: false, code: 'CANNOT_OPEN' });
  });

  test('the digest is the same in every hand, so that a gateway sees it a second time', async () => {
    const sealed = await sealFor([police, trust], council);
    const { answer, out } = await throughGate(sealed);
    const forwarded = await throughGate(Buffer.concat([cutHead(answer.ok ? answer.part.addressees.slice(1) : []), out]));
    expect(forwarded.answer.ok && answer.ok && forwarded.answer.part.digest === answer.part.digest).toBe(true);
  });
});
