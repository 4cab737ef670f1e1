import { createHash } from 'node:crypto';
import fc from 'fast-check';
import forge from 'node-forge';
import { agreed, ATTRIBUTES, authEnveloped, cbc, contentInfo, encrypted, enveloped, join, TAG, throughPartGate, transported, withAgreedKey, withOther, withPassword } from '../../test/attacks/envelope/cms-forge';
import { FUZZ_RUNS } from '../../test/attacks/envelope/forge';
import { mutatedOctets } from '../../test/attacks/envelope/mutated-octets';
import { OID } from './der/oids';
import { around, plain, TYPE } from './der/tags';
import { element, sequence, small } from './der/writer';
import { copyHead, type Part } from './parts';

const VALID = [
  authEnveloped(),
  authEnveloped({ recipients: [agreed(), transported(), transported()] }),
  authEnveloped({ info: encrypted({ content: element(plain(0), Buffer.alloc(3_000, 0x30)) }) }),
  enveloped(),
  enveloped({ version: 2, recipients: [agreed()] }),
];
const CBC = { cbc: true };

/** What another implementation sees in octets that we let pass: recipients by certificate, one content, a tag where there is one. */
function seenByAnother(octets: Uint8Array): { recipients: number[]; members: number[] } {
  const { value } = forge.asn1.fromDer(Buffer.from(octets).toString('latin1'), true);
  const data = ((value as forge.asn1.Asn1[])[1]?.value as forge.asn1.Asn1[])[0]?.value as forge.asn1.Asn1[];
  return { recipients: (data[1]?.value as forge.asn1.Asn1[]).map(({ tagClass, type }) => tagClass + type), members: data.map(({ tagClass, type }) => tagClass + type) };
}

const copyOf = (part: Part, out: Uint8Array): Buffer => join(copyHead(part, part.addressees), out);

test('whatever arrives, there is an answer and no exception; what passes is only ever recipients by certificate and sealed data', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutatedOctets(VALID), fc.uint8Array({ maxLength: 400 }).map((octets) => join(Buffer.of(0x30), octets))), async (octets) => {
      const { answer, out } = await throughPartGate(octets, { size: 97, ...CBC });
      if (!answer.ok || answer.part.form !== 'cms') return;
      expect(answer.part.digest).toBe(createHash('sha256').update(out).digest('hex'));
      const seen = seenByAnother(octets);
      expect(seen.recipients).toEqual(answer.part.addressees.map(({ version }) => (version === 3 ? 0x81 : 0x10)));
      expect(seen.members).toEqual(answer.part.kind === 'enveloped' ? [0x02, 0x11, 0x10] : [0x02, 0x11, 0x10, 0x04]);
      const copy = copyOf(answer.part, out);
      const again = await throughPartGate(copy, CBC);
      expect(again.answer).toMatchObject({ ok: true, part: { digest: answer.part.digest, size: answer.part.size } });
      expect(again.out.equals(out)).toBe(true);
    }),
    { numRuns: FUZZ_RUNS * 10 },
  );
});

test('any chunking of the same octets gives the same answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutatedOctets(VALID), fc.constantFrom(...VALID)), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3 }), async (octets, some, few) => {
      const whole = await throughPartGate(octets, { size: 1_000_000, ...CBC });
      for (const size of [some, few]) {
        const cut = await throughPartGate(octets, { size, ...CBC });
        expect(cut.answer).toEqual(whole.answer);
        if (whole.answer.ok) expect(cut.out.equals(whole.out)).toBe(true);
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('a sequence of pieces passes if and only if it is a version, recipients by certificate, one content and its tag', async () => {
  const recipients = { oaep: transported(), ecdh: agreed(), password: withPassword, agreed: withAgreedKey, other: withOther };
  const members = { version: small(0), info: encrypted(), cbc: encrypted({ by: cbc() }), tag: TAG, originator: element(around(0), sequence()), authAttributes: element(around(1), ATTRIBUTES), unauthAttributes: element(around(2), ATTRIBUTES) };
  const names = (keys: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(keys));
  const before = fc.oneof({ weight: 5, arbitrary: fc.constant(['version']) }, { weight: 1, arbitrary: fc.array(names(members), { maxLength: 2 }) }).map((keys) => [...keys]);
  const after = fc.oneof({ weight: 5, arbitrary: fc.constant(['info', 'tag']) }, { weight: 2, arbitrary: fc.array(names(members), { maxLength: 4 }) }).map((keys) => [...keys]);
  const sets = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom('oaep', 'ecdh') }, { weight: 1, arbitrary: names(recipients) }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(before, sets, after, async (first, set, last) => {
      const of = <T extends object>(table: T, keys: string[]): Uint8Array[] => keys.map((key) => (table as Record<string, Uint8Array>)[key] ?? new Uint8Array(0));
      const octets = contentInfo(OID.authEnvelopedData, sequence(...of(members, first), element(TYPE.set, ...of(recipients, set)), ...of(members, last)));
      const right = first.join() === 'version' && last.join() === 'info,tag' && set.length > 0 && set.every((each) => each === 'oaep' || each === 'ecdh');
      expect((await throughPartGate(octets, { size: 33 })).answer.ok).toBe(right);
    }),
    { numRuns: FUZZ_RUNS * 3 },
  );
});

test('an entry of a recipient with any octet missing or added is refused', async () => {
  for (const entry of [transported(), agreed()]) {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: entry.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 9 }), async (length, more) => {
        for (const recipient of [entry.subarray(0, length), join(entry, more)]) expect((await throughPartGate(authEnveloped({ recipients: [recipient] }))).answer.ok).toBe(false);
      }),
      { numRuns: FUZZ_RUNS },
    );
  }
});
