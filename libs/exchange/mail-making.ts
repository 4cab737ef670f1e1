import type { BoundCertificate } from '#directory/facts';
import { PART_TYPES } from '#envelope/parts';
import { wrapped } from '#envelope/sealing';
import { sealSmime } from '#envelope/smime-sealing';
import { ContainerMail } from '#mail/container-mail';
import { inside, type Outside, type Piece, sealedMail, smimeMail } from '#mail/message';
import type { Tx } from '#platform/database';
import type { EnvelopePiece } from '#protocol/envelope';
import { chunkOf, chunksOf, piecesOf } from './payload';
import type { TransferRow } from './rows';

/** The mail: its pieces sealed once more, to certificates of the recipient's. @throws NotSealed, NotSealedSmime */
export async function mailOf(outside: Outside, pieces: readonly Piece[], { to, share, at }: { to: readonly BoundCertificate[]; share: string; at: Date }): Promise<Buffer> {
  const octets = inside(outside, pieces);
  // Around what is sealed in one form goes the same form: its reader has the program for it.
  if (pieces.some(({ name }) => name.endsWith(SMIME_PART))) return smimeMail(outside, sealSmime({ octets, to: to.flatMap((each) => (each.form === 'smime' ? [each.certificate] : [])), manifest: share, part: 'mail', at }));
  return sealedMail(outside, await wrapped({ octets, to: to.flatMap((each) => (each.form === 'openpgp' ? [each.certificate] : [])), at }));
}

/**
 * A mail to somebody who has no key: the containers, and nothing else of the transfer. Manifest, lines and provenance say why, what and about whom, and nothing would hide them.
 * @throws TypeError for what is no container
 */
export async function containersOf(tx: Tx, transfer: TransferRow, outside: Outside): Promise<ContainerMail> {
  const containers = [];
  for (const piece of await sealedPieces(tx, transfer)) if (piece.type === PART_TYPES.container) containers.push({ part: piece.name, octets: await gathered(piece) });
  return ContainerMail.of(outside, containers);
}

const sealedPieces = (tx: Tx, transfer: TransferRow): Promise<EnvelopePiece[]> => piecesOf(tx, transfer, (part) => chunksOf((seq) => chunkOf(tx, transfer, part, seq)));

const provenanceOf = (transfer: TransferRow): Piece => ({ name: 'provenance.jwt', type: 'application/jose', octets: Buffer.from(transfer.provenance) });

/** How the file of a part in S/MIME ends. */
const SMIME_PART = '.p7m';

/** File names of what every transfer has; parts are called what they are. */
const NAMES: Readonly<Record<string, Pick<Piece, 'name' | 'type'>>> = {
  manifest: { name: 'manifest.json', type: 'application/json' },
  signature: { name: 'manifest.sig', type: 'application/pgp-signature' },
  lines: { name: 'lines.json', type: 'application/json' },
};

/** All of a transfer, as files of a mail. At most 18 MB: who calls has looked. */
export async function mailPieces(tx: Tx, transfer: TransferRow): Promise<Piece[]> {
  const pieces = await sealedPieces(tx, transfer);
  const named: Piece[] = [provenanceOf(transfer)];
  for (const piece of pieces) named.push({ ...(NAMES[piece.name] ?? { name: `${piece.name}${piece.type === PART_TYPES.cms ? SMIME_PART : '.pgp'}`, type: 'application/octet-stream' }), octets: await gathered(piece) });
  return named;
}

async function gathered({ octets }: EnvelopePiece): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of octets) all.push(piece);
  return Buffer.concat(all);
}
