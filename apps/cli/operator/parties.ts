import { resolve } from 'node:path';
import { readAgreements } from '#partnership/agreements';
import { Parties } from '#partnership/parties';
import { Register } from '#register/register';
import { attestationLine, type Attesting, attestedOf } from '../commands/membership';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';
import { withDirectory } from './opened';
import { readAttested } from './attested';

// What whoever looks after an agreement does about its parties. Each change stands in the party's own register.

async function withParties<T>(io: Io, work: (parties: Parties) => Promise<T>): Promise<T> {
  return withDirectory(io, ({ registrar, directory, database, agreements: folder }) => {
    if (!folder) throw new UsageError(['WAYBILL_AGREEMENTS is not set'], 'Name the folder of agreement profiles that the gateway has.');
    return work(new Parties({ database, directory, registrar, register: new Register(), clock: { now: io.now }, agreements: readAgreements(resolve(io.cwd, folder)) }));
  });
}

const done = (data: object, ...says: string[]): Result => ({ ending: 'done', data, text: says.join('\n') });

/** Parties of an agreement: who asks to join and what is missing, and what is attested. `lacking`: only those with whom something is not in order. */
export const listParties = (io: Io, { agreement: id, lacking = false }: { agreement: string; lacking?: boolean }): Promise<Result> =>
  withParties(io, async (parties) => {
    const agreement = parties.agreement(id);
    const all = await parties.list([agreement]);
    const ofPartnership = await parties.ofPartnership(agreement);
    const items = lacking ? all.filter(({ status, missing, attestations }) => status !== 'active' || missing.length > 0 || attestations.some(({ weight, state }) => weight === 'must' && state !== 'current')) : all;
    return done(
      { agreement: id, items, ofPartnership },
      ...items.flatMap(({ agency, entry, status, since, missing, attestations }) => [`${agency} as ${entry}: ${status} since ${since}`, ...missing.map(({ code, says, cause }) => `  missing, ${code}${cause === undefined ? '' : ` (${cause})`}: ${says}`), ...attestations.map(attestationLine)]),
      ...(ofPartnership.length > 0 ? ['the partnership itself:', ...ofPartnership.map(attestationLine)] : []),
    );
  });

export const acceptParty = (io: Io, { agency, agreement }: { agency: string; agreement: string }): Promise<Result> =>
  withParties(io, async (parties) => {
    await parties.accept(parties.agreement(agreement), agency);
    return done({ agency, agreement, status: 'active' }, `${agency} is an active party of ${agreement}.`);
  });

export const declineParty = (io: Io, { agency, agreement, because }: { agency: string; agreement: string; because: string }): Promise<Result> =>
  withDirectory(io, async ({ registrar }) => {
    await registrar.decline(agreement, agency, because);
    return done({ agency, agreement, declined: because }, `Declined: ${because}. ${agency} reads it in its own register, and may ask again.`);
  });

export const endContact = (io: Io, { agency, contact, on }: { agency: string; contact: string; on?: string }): Promise<Result> =>
  withParties(io, async (parties) => {
    const held = await parties.endContact(agency, contact, on ?? io.now().toISOString().slice(0, 10));
    return done({ agency, contact, held }, `${contact} of ${agency} has ended.`, ...held.map((agreement) => `${agency} is on hold under ${agreement}: nobody fills a post that it asks for. Enter a contact for it, then: waybill parties accept.`));
  });

export const attestForPartnership = (io: Io, what: string, options: Attesting): Promise<Result> =>
  withParties(io, async (parties) => {
    const attested = readAttested(attestedOf(what, options, io.now()));
    const dueAgain = await parties.attest(parties.agreement(options.agreement), attested);
    return done({ agreement: options.agreement, what, on: attested.on, dueAgain }, `It stands in the register of every party. To be attested again by ${dueAgain}.`);
  });
