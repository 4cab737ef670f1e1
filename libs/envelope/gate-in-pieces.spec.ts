import fc from 'fast-check';
import { issue } from '../../test/attacks/envelope/x509';
import { GateInPieces } from './gate-in-pieces';
import { alikeFrom, copyHead, readPartOctets } from './parts';
import { sealSmime } from './smime-sealing';

const LIMITS = { maxOctets: 100_000, maxAddressees: 9 };
const people = [issue('one', { key: 'rsa3072' }), issue('other')];
const sealed = sealSmime({ octets: Buffer.alloc(700, 'w'), to: people.map(({ certificate }) => certificate), manifest: 'm', part: 'part-1', at: new Date('2026-01-01') });

/** Each piece by another process, as far as the state can be kept. */
function inPieces(octets: Uint8Array, cuts: readonly number[]): { kept: Buffer; state: string | undefined; complete: boolean; code?: string } {
  let gate = GateInPieces.begun(LIMITS);
  const kept: Uint8Array[] = [];
  const places = [...new Set([0, ...cuts.map((cut) => cut % octets.length), octets.length])].sort((a, b) => a - b);
  for (const [i, from] of places.slice(0, -1).entries()) {
    const step = gate.push(octets.subarray(from, places[i + 1]));
    if (step.problem) return { kept: Buffer.concat(kept), state: gate.state, complete: false, code: step.problem.code };
    if (step.sealed) kept.push(Buffer.from(step.sealed));
    if (gate.state !== undefined) gate = GateInPieces.resumed(LIMITS, gate.state);
  }
  return { kept: Buffer.concat(kept), state: gate.state, complete: gate.complete };
}

test('a CMS part that comes in any pieces, through any number of processes, is what it is in one', async () => {
  const whole = await readPartOctets(sealed, LIMITS);
  if (!whole.ok) throw new Error(whole.problem.code);
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
    const { kept, state, complete } = inPieces(sealed, cuts);
    expect([complete, kept.equals(whole.data)]).toEqual([true, true]);
    expect(Buffer.concat([GateInPieces.head(state ?? ''), kept]).equals(sealed)).toBe(true);
  }));
});

test('one octet more, or one less, is found wherever it was cut', () => {
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
    expect(inPieces(Buffer.concat([sealed, Buffer.of(0)]), cuts).code).toBe('TRAILING_DATA');
    expect(inPieces(sealed.subarray(0, -1), cuts).complete).toBe(false);
  }));
});

test('nothing may be kept before the content has begun, and an empty start decides nothing', () => {
  const gate = GateInPieces.begun(LIMITS);
  expect([gate.push(new Uint8Array(0)), gate.state, gate.complete]).toEqual([{}, undefined, false]);
  expect(gate.push(sealed.subarray(0, 40))).toEqual({});
  expect(gate.state).toBeUndefined();
});

test('in a copy the run begins behind its head; where it is none, nowhere', async () => {
  const read = await readPartOctets(sealed, LIMITS);
  if (!read.ok) throw new Error(read.problem.code);
  for (const addressee of read.part.addressees) {
    const head = copyHead(read.part, [addressee]);
    expect(alikeFrom(Buffer.concat([head, read.data]), LIMITS)).toBe(head.length);
    const longer = Buffer.concat([head, read.data, Buffer.of(0)]);
    expect(alikeFrom(longer, LIMITS)).toBe(longer.length);
  }
});
