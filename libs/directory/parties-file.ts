import { ArrayNotEmpty, Equals, IsBoolean, IsOptional, IsString, Matches } from 'class-validator';
import { parse } from 'yaml';
import { Is, Nested } from '#protocol/grammar';
import { type Fault, shaped } from '#protocol/read';
import { Each } from '#protocol/shapes';
import { ControllerOfParty, OnFile, PARTY_FORMAT, type PartyFile, readParty } from './party-file';

export const PARTIES_FORMAT = 'waybill-parties/1';

class PartyNamed extends OnFile {
  @Is('agency') agency: string;
  @IsString() name: string;
  @Nested(() => ControllerOfParty) controller: ControllerOfParty;
  @ArrayNotEmpty() @Is('code', { each: true }) types: string[];
  /** Whether it is a public authority (DPA 2018, s.7), where its type does not tell. */
  @IsOptional() @IsBoolean() publicAuthority?: boolean;
  /** ISO 3166-1 alpha-2. */
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters, like GB' }) country: string;
  /** Entry of the agreement's party list. */
  @IsString() entry: string;
}

/** The organisations that an agreement names, with what is on file of each: without a contact, which only it can give. */
export class PartiesFile {
  @Equals(PARTIES_FORMAT) format: typeof PARTIES_FORMAT;
  @Is('agreement') agreement: string;
  @Each(() => PartyNamed) parties: PartyNamed[];
}

/** Reads a file of one party or of many, YAML or JSON: every fault at once, each with its place. */
export function readParties(text: string): { ok: true; parties: PartyFile[] } | { ok: false; faults: readonly Fault[] } {
  if (!isOfMany(text)) {
    const reading = readParty(text);
    return reading.ok ? { ok: true, parties: [reading.party] } : reading;
  }
  const reading = shaped(PartiesFile, { ok: true, value: parse(text, { maxAliasCount: 0 }) } as Parameters<typeof shaped>[1]);
  if (!reading.ok) return reading;
  const { agreement, parties } = reading.value;
  const names = parties.map(({ agency }) => agency);
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  if (twice.length > 0) return { ok: false, faults: twice.map((name) => ({ pointer: '/parties', says: `names ${name} twice` })) };
  return { ok: true, parties: parties.map(({ agency, name, controller, types, publicAuthority, country, ...membership }) => ({ format: PARTY_FORMAT, agency, name, controller, types, ...(publicAuthority !== undefined && { publicAuthority }), country, contacts: [], memberships: [{ agreement, ...membership }] })) };
}

function isOfMany(text: string): boolean {
  try {
    return (parse(text, { maxAliasCount: 0 }) as { format?: unknown } | null)?.format === PARTIES_FORMAT;
  } catch {
    return false;
  }
}
