import { setTimeout as pause } from 'node:timers/promises';
import { APPENDED_TYPE, OFFSET_HEADER, type UploadTold } from '#protocol/uploads';
import { ClientRefusal, GatewayProblem } from './codes';
import type { Connection } from './connection';
import { type OctetsFile, octetsOf } from './octets-file';
import { GO_ON_AFTER } from './times';

export interface Uploading {
  /** The upload that was begun before, if one was. */
  upload?: string | undefined;
  /** Told of one that is begun, to keep it: with it the same octets go on later. */
  began?: (upload: string) => void;
  /** Told as octets are taken. */
  progress?: (taken: number) => void;
  /** Milliseconds to wait after each failure on which nothing more was taken. */
  goOnAfter?: readonly number[];
}

/**
 * Brings one sealed part to the gateway, over as many connections as it takes, and tells the upload that holds it. Gives up when nothing
 * more was taken for as long as `goOnAfter` says. @throws GatewayProblem, ClientRefusal
 */
export async function uploaded(connection: Connection, part: OctetsFile, { upload, began, progress, goOnAfter = GO_ON_AFTER }: Uploading = {}): Promise<string> {
  let id = upload;
  let failures = 0;
  let most = 0;
  let place: number | undefined;
  for (;;) {
    try {
      if (id === undefined) {
        ({ upload: id } = await connection.json<UploadTold>({ path: '/v1/uploads', method: 'POST' }));
        place = 0;
        began?.(id);
      }
      place ??= (await connection.json<UploadTold>({ path: pathOf(id) })).offset;
      if (place < part.size) place = (await append(connection, pathOf(id), part, place, progress)).offset;
      if (place === part.size) return id;
      throw new ClientRefusal('ANSWER_INVALID', { path: '/v1/uploads' });
    } catch (error) {
      const at = error instanceof GatewayProblem && error.code === 'UPLOAD_OFFSET' ? Number(error.reasons[0]?.['offset']) : undefined;
      if (error instanceof GatewayProblem && error.code === 'NOT_FOUND' && id !== undefined) id = undefined;
      else if (at === undefined && !isPassing(error)) throw error;
      // Where it stands is asked anew: what came before the break is there.
      const stands = id === undefined ? 0 : (at ?? (await connection.json<UploadTold>({ path: pathOf(id) }).then(({ offset }) => offset, () => most)));
      if (stands > most) failures = 0;
      most = Math.max(most, stands);
      const wait = goOnAfter[failures++];
      if (wait === undefined) throw error;
      await pause(Math.max(wait, 1_000 * (error instanceof GatewayProblem ? (error.retryAfter ?? 0) : 0)));
      place = undefined;
    }
  }
}

/** Best effort: what is not dropped is gone in a day. */
export const dropUpload = (connection: Connection, upload: string): Promise<unknown> => connection.octets({ path: pathOf(upload), method: 'DELETE' }).catch(() => undefined);

const pathOf = (upload: string): string => `/v1/uploads/${encodeURIComponent(upload)}`;

function append(connection: Connection, path: string, part: OctetsFile, from: number, progress: (taken: number) => void = () => undefined): Promise<UploadTold> {
  const octets = async function* (): AsyncGenerator<Uint8Array> {
    let taken = from;
    for await (const piece of octetsOf(part, from)) {
      yield piece;
      taken += piece.length;
      progress(taken);
    }
  };
  return connection.json<UploadTold>({ path, method: 'PATCH', headers: { [OFFSET_HEADER]: String(from) }, body: { type: APPENDED_TYPE, size: part.size - from, octets }, once: true });
}

const isPassing = (error: unknown): boolean =>
  (error instanceof ClientRefusal && error.code === 'UNREACHABLE') || (error instanceof GatewayProblem && (error.status === 503 || error.status === 429 || error.code === 'UPLOAD_BROKEN_OFF'));
