import type { KeyObject } from 'node:crypto';
import { type Certificate, readCertificate } from '#envelope/certificates';
import type { KeyUse } from '#envelope/key-statement';
import { pinnedKeys, type PublishedKey } from '#envelope/signing-keys';
import type { EmergencyTold } from '#protocol/answers';
import { verifyCheckpoint } from '#register/checkpoint';
import { parseVkey } from '#register/vkey';
import { ClientRefusal } from './codes';

export const PINS_FORMAT = 'waybill-pins/1';

/** What a partner trusts, as it stands in a file. Made at enrolment, out of the operator's hands. */
export interface PinsFile {
  format: typeof PINS_FORMAT;
  /** Origin of the gateway that all of this is about. */
  gateway: string;
  /** With which the gateway signs provenance and promises. */
  gatewayKeys: PublishedKey[];
  /** C2SP verifier keys of our own register; one after another where the gateway has changed its key. */
  logKeys: string[];
  /** Whose statements vouch for every other key. Certificates in base64. */
  coordinators: { fingerprint: string; certificate: string }[];
  /** `agency/contact use` → fingerprints seen there before. */
  known?: Record<string, string[]>;
  /** The last checkpoint of our register that we verified: what it held then, it must hold for ever. */
  checkpoint?: string;
  /** Whom to ring, as last told: for when the gateway does not answer. */
  frontDoors?: EmergencyTold['frontDoors'];
}

/** A contact's key is another than before: right after a renewal, and worth a call if nobody announced one. */
export interface KeyChange {
  agency: string;
  contact: string;
  use: KeyUse;
  fingerprint: string;
  before: readonly string[];
}

/** The trust store of one partner. */
export class Pins {
  private constructor(private readonly file: PinsFile, readonly coordinators: readonly Certificate[], readonly keys: ReadonlyMap<string, KeyObject>) {}

  /** @throws ClientRefusal PINS_INVALID with the place */
  static async of(file: PinsFile): Promise<Pins> {
    const fault = (place: string) => new ClientRefusal('PINS_INVALID', { place });
    if (file.format !== PINS_FORMAT) throw fault('format');
    if (!Array.isArray(file.gatewayKeys) || file.gatewayKeys.length === 0) throw fault('gatewayKeys');
    const keys = await pinnedKeys({ keys: file.gatewayKeys }).catch(() => new Map<string, KeyObject>());
    if (keys.size !== file.gatewayKeys.length) throw fault('gatewayKeys');
    if (!Array.isArray(file.logKeys) || !file.logKeys.every((vkey) => typeof vkey === 'string' && parseVkey(vkey) !== undefined)) throw fault('logKeys');
    if (!Array.isArray(file.coordinators) || file.coordinators.length === 0) throw fault('coordinators');
    const coordinators = await Promise.all(file.coordinators.map(async ({ fingerprint, certificate }) => {
      const reading = await readCertificate(new Uint8Array(Buffer.from(String(certificate), 'base64')));
      // Fingerprint and octets must agree: the fingerprint is what two people read to each other on the telephone.
      if (!reading.ok || reading.certificate.fingerprint !== fingerprint) throw fault('coordinators');
      return reading.certificate;
    }));
    return new Pins(structuredClone(file), coordinators, keys);
  }

  get gateway(): string {
    return this.file.gateway;
  }

  get gatewayKeys(): readonly PublishedKey[] {
    return this.file.gatewayKeys;
  }

  get logKeys(): readonly string[] {
    return this.file.logKeys;
  }

  /** Origins of our own register. */
  get logs(): readonly string[] {
    return this.file.logKeys.flatMap((vkey) => parseVkey(vkey)?.name ?? []);
  }

  get checkpoint(): string | undefined {
    return this.file.checkpoint;
  }

  get frontDoors(): EmergencyTold['frontDoors'] {
    return this.file.frontDoors ?? [];
  }

  /** Notes a vouched key; tells when the contact had another before. */
  notice(key: Omit<KeyChange, 'before'>): KeyChange | undefined {
    const place = `${key.agency}/${key.contact} ${key.use}`;
    const known = (this.file.known ??= {});
    const before = Object.hasOwn(known, place) ? (known[place] ?? []) : [];
    if (before.includes(key.fingerprint)) return undefined;
    known[place] = [...before, key.fingerprint];
    return before.length > 0 ? { ...key, before } : undefined;
  }

  /** Keeps a checkpoint that was verified, when it is a later one than is held. */
  hold(note: string): void {
    const [held, next] = [this.file.checkpoint, note].map((each) => (each === undefined ? undefined : verifyCheckpoint(each, this.logKeys)));
    if (next?.ok && (!held?.ok || next.checkpoint.size > held.checkpoint.size)) this.file.checkpoint = note;
  }

  rememberFrontDoors(emergency: EmergencyTold | undefined): void {
    if (emergency && emergency.frontDoors.length > 0) this.file.frontDoors = structuredClone(emergency.frontDoors);
  }

  /** As it is to be kept. */
  toFile(): PinsFile {
    return structuredClone(this.file);
  }
}

