import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';

export interface FormPart {
  name: string;
  stream: Readable;
}

/**
 * Reads `multipart/form-data` part by part, in the order in which they come. Each part must be read, or left, before the next is given.
 * Every part's octets are taken as they are: no charset is applied, no file name is kept.
 * @throws Refusal MULTIPART_INVALID for a malformed, truncated or stalled form, UNSUPPORTED_MEDIA_TYPE for anything else
 */
export async function* readForm(request: IncomingMessage): AsyncGenerator<FormPart> {
  const form = open(request);
  const waiting: FormPart[] = [];
  let ended = false;
  let failure: Refusal | undefined;
  let notify: () => void = () => undefined;
  const changed = (): void => notify();
  const fail = (): void => {
    failure ??= new Refusal({ code: 'MULTIPART_INVALID' });
    waiting.forEach(({ stream }) => stream.destroy());
    changed();
  };
  form.on('file', (name: string, stream: Readable) => {
    stream.on('error', fail);
    waiting.push({ name, stream });
    changed();
  });
  form.on('partsLimit', fail);
  form.on('filesLimit', fail);
  form.on('error', fail);
  form.on('finish', () => {
    ended = true;
    changed();
  });
  request.on('aborted', fail);
  request.on('error', fail);
  request.setTimeout(LIMITS.uploadIdle.value, () => {
    fail();
    request.destroy();
  });
  request.pipe(form);
  try {
    for (;;) {
      const part = waiting.shift();
      if (part) {
        yield part;
        if (!part.stream.readableEnded) await drained(part.stream);
        continue;
      }
      if (failure) throw failure;
      if (ended) return;
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
  } finally {
    request.unpipe(form);
    form.destroy();
    request.resume();
  }
}

function open(request: IncomingMessage): InstanceType<typeof Busboy> {
  const type = request.headers['content-type'];
  if (!type || !/^multipart\/form-data\b/i.test(type)) throw new Refusal({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { parts: LIMITS.multipartParts.value, files: LIMITS.multipartParts.value, fileSize: LIMITS.part.value * 2, headerPairs: 16, headerSize: LIMITS.multipartHeader.value },
      isPartAFile: () => true,
    });
  } catch {
    throw new Refusal({ code: 'MULTIPART_INVALID' });
  }
}

const drained = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
    stream.once('error', () => resolve());
    stream.resume();
  });

/** All octets of one small part. @throws Refusal TOO_LARGE past `most` */
export async function whole(part: FormPart, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part.stream) {
    size += (piece as Buffer).length;
    if (size > most) throw new Refusal({ code: 'TOO_LARGE', facts: { part: /^[a-z0-9-]{1,16}$/.test(part.name) ? part.name : 'unknown', most } });
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}
