import { addressed, isPartLine, type Line, type PartLine } from '#protocol/line';
import type { CertificateTold, TransferOpenedUp } from '#protocol/answers';
import { contentClaims, type ProvenanceClaims, verifyProvenance } from '#envelope/provenance';
import { acceptCopy } from '#envelope/recipient-checks';
import type { Pin } from '#envelope/smime-signatures';
import { sha256 } from '#protocol/digest';
import type { Manifest } from '#protocol/manifest';
import { readLine, readManifest } from '#protocol/read';
import { verifyPromise } from '#register/promise';
import { ClientRefusal } from './codes';
import { nowOf, type Partner } from './partner';
import type { KeyChange } from './pins';
import { vouch, type VouchedOpenpgp } from './vouching';

/** What the gateway hands over of one transfer before any part: nothing in it is believed yet. */
export interface CopyFetched {
  told: TransferOpenedUp;
  manifest: Uint8Array;
  signature: Uint8Array;
  lines: readonly string[];
}

/** A transfer whose origin, addressee and octets have been verified; its parts are still sealed. */
export interface CopyVerified extends CopyFetched {
  claims: ProvenanceClaims;
  read: Manifest;
  manifestDigest: string;
  mine: readonly Line[];
  /** By part name. */
  parts: ReadonlyMap<string, PartLine>;
  signer: VouchedOpenpgp;
  /** The signer's key was good when the share was made and has been replaced or has expired since. */
  signerPast: boolean;
  changes: readonly KeyChange[];
}

/**
 * Verifies everything about a transfer that can be verified before it is collected: the gateway's provenance with a pinned key, that it is
 * about this transfer, us, and these octets; the sender's signature by a key that the co-ordinator vouches for; and that each line stands
 * in what the sender signed and is for us. @throws ClientRefusal with what failed
 */
export async function verifyCopy(partner: Partner, transfer: string, fetched: CopyFetched): Promise<CopyVerified> {
  const { told, manifest, lines } = fetched;
  const provenance = await verifyProvenance(String(told.provenance), partner.pins.keys);
  if (!provenance.ok) throw new ClientRefusal('PROVENANCE_NOT_TRUSTED', { because: provenance.code });
  const { claims } = provenance;
  const reading = readManifest(manifest);
  if (!reading.ok) throw new ClientRefusal('COPY_NOT_WHOLE', { because: 'MANIFEST_UNREADABLE' });
  const { signer, signerPast } = await signerOf(partner, fetched, reading.value);
  const mine = lines.map((text, i) => {
    const read = readLine(text);
    if (!read.ok) throw new ClientRefusal('COPY_NOT_WHOLE', { because: 'LINE_UNREADABLE', line: i });
    return read.value;
  });
  const copy: CopyVerified = {
    ...fetched, claims, read: reading.value, manifestDigest: sha256(manifest), mine, signer, signerPast,
    parts: new Map(mine.filter(isPartLine).map((line) => [line.part, line])),
    changes: [partner.pins.notice({ agency: signer.agency, contact: signer.contact, use: 'sign', fingerprint: signer.certificate.fingerprint })].flatMap((change) => change ?? []),
  };
  requireAboutThis(partner, transfer, copy);
  await requirePromise(partner, copy);
  return copy;
}

/**
 * The sender's certificate, vouched for, whose signature the manifest bears. Judged now; or as of the day on which the share was made, for a
 * key that has run out in the meantime. A revoked one counts for nothing: whoever has it can date a signature as he likes.
 */
async function signerOf(partner: Partner, { told, manifest, signature, lines }: CopyFetched, { sender, created }: Manifest): Promise<{ signer: VouchedOpenpgp; signerPast: boolean }> {
  const offered = offeredBy(told).filter(({ form }) => form === undefined);
  const because: string[] = [];
  for (const at of [nowOf(partner), new Date(created)]) {
    for (const each of offered) {
      const verdict = await vouch(each, partner.pins, { agency: sender.agency, use: 'sign' }, at);
      if (!verdict.ok) {
        because.push(verdict.not.because);
        continue;
      }
      if (verdict.vouched.form !== 'openpgp') continue;
      const accepted = await acceptCopy({ manifestOctets: manifest, signature, senderCertificate: verdict.vouched.certificate, lines, own: partner.agency, at });
      if (accepted.ok) return { signer: verdict.vouched, signerPast: at.getTime() === Date.parse(created) };
      const ownFault = accepted.problems.find(({ code }) => /^(MANIFEST|LINE)_/.test(code));
      if (ownFault) throw new ClientRefusal('COPY_NOT_WHOLE', { because: ownFault.code, ...(ownFault.line === undefined ? {} : { line: ownFault.line }) });
      because.push(...accepted.problems.map(({ code }) => code));
    }
  }
  throw new ClientRefusal('SENDER_NOT_PROVEN', { because: because.length > 0 ? [...new Set(because)] : ['NO_KEY_OFFERED'] });
}

/** The sender's S/MIME certificates that the co-ordinator vouches for, today or on the day on which the share was made: whoever signed inside a part is held to them. */
export async function smimeAuthors(partner: Partner, { told, read: { sender, created } }: CopyVerified): Promise<Pin[]> {
  const pins: Pin[] = [];
  for (const each of offeredBy(told).filter(({ form }) => form === 'smime')) {
    for (const at of [nowOf(partner), new Date(created)]) {
      const verdict = await vouch(each, partner.pins, { agency: sender.agency, use: 'sign' }, at);
      if (verdict.ok && verdict.vouched.form === 'smime') pins.push({ certificate: verdict.vouched.certificate });
    }
  }
  return pins;
}

const offeredBy = ({ signers }: TransferOpenedUp): CertificateTold[] => (Array.isArray(signers) ? signers : []).filter((each) => each.revokedAt === undefined);

/** Each a way in which a gateway, or somebody in its place, could pass off one share as another. */
function requireAboutThis(partner: Partner, transfer: string, { claims, read, manifestDigest, lines, parts, mine }: CopyVerified): void {
  const differing = Object.entries({
    transfer: claims.transfer === transfer,
    share: claims.share === read.id,
    recipient: claims.recipient.agency === partner.agency && mine.every((line) => addressed(line.recipient) === addressed(claims.recipient)),
    originator: claims.originator.agency === read.sender.agency,
    manifestDigest: claims.manifestDigest === manifestDigest,
    gateway: read.gateway === partner.pins.gateway,
    contents: claims.contents === contentClaims({ parts: [...parts].map(([name, { digest }]) => ({ name, digest })), lines: lines.map((text) => sha256(text)) }).contents,
    agreement: claims.agreement.id === read.agreement.id,
    purpose: claims.purpose === (read.purpose ?? 'not-stated'),
    basis: claims.basis === (read.lawfulBasis ?? 'not-stated'),
    created: claims.created === read.created,
  }).flatMap(([place, same]) => (same ? [] : [place]));
  if (differing.length > 0) throw new ClientRefusal('PROVENANCE_MISMATCH', { places: differing });
  if (parts.size === 0) throw new ClientRefusal('COPY_NOT_WHOLE', { because: 'NO_PART' });
}

/** The gateway's word that the share stands in our register, which its provenance names. */
async function requirePromise(partner: Partner, { told, claims }: CopyVerified): Promise<void> {
  const verdict = await verifyPromise(String(told.promise), partner.pins.gatewayKeys.map((key) => ({ ...key })));
  if (!verdict.ok) throw new ClientRefusal('PROVENANCE_NOT_TRUSTED', { because: verdict.fault });
  const { iss, log, leaf } = verdict.promise;
  if (iss !== partner.pins.gateway || log !== claims.entry.log || leaf !== claims.entry.leaf) throw new ClientRefusal('PROVENANCE_MISMATCH', { places: ['entry'] });
}
