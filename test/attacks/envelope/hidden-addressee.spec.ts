import { type Party, party, sealFor, throughGate, verdict } from './forge';

/** The octets of the wrapped key's packet at which its key ID starts: header, length, version. */
const KEY_ID_AT = 3;

describe('C4: a sender hides for whom a part is', () => {
  let sender: Party;
  let police: Party;
  let stranger: Party;
  beforeAll(async () => {
    [sender, police, stranger] = [await party('Wirral Council'), await party('Merseyside Police'), await party('Stranger')];
  });

  const unnamed = (sealed: Uint8Array, at: number): Uint8Array => Uint8Array.from(sealed).fill(0, at + KEY_ID_AT, at + KEY_ID_AT + 8);

  test('the only addressee, as gpg --hidden-recipient does it', async () => {
    expect(await verdict(unnamed(await sealFor([police], sender), 0))).toBe('HIDDEN_RECIPIENT');
  });

  test('one more beside the named one, at either place', async () => {
    const sealed = await sealFor([police, stranger], sender);
    const { answer } = await throughGate(sealed);
    const [first] = answer.ok ? answer.part.addressees : [];
    for (const at of [0, first?.packet.length ?? 0]) expect(await verdict(unnamed(sealed, at))).toBe('HIDDEN_RECIPIENT');
  });

  test('by leaving out its wrapped key, to hand the session key over elsewhere', async () => {
    const { out } = await throughGate(await sealFor([police], sender));
    expect(await verdict(out)).toBe('HIDDEN_RECIPIENT');
  });
});
