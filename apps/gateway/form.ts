import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';

export interface FormPart {
  name: string;
  /** Content-Type as its header says it, in lower case; the form's usual one, if none does. */
  type: string;
  /** Its octets as they come. Reading them throws the form's own refusal when it breaks off. */
  octets: AsyncIterable<Buffer>;
}

/**
 * Reads `multipart/form-data` part by part, in the order in which they come. Each part must be read, or left, before the next is given.
 * Every part's octets are taken as they are: no charset is applied, no file name is kept.
 * @throws Refusal MULTIPART_INVALID for a malformed, truncated or stalled form, UNSUPPORTED_MEDIA_TYPE for anything else
 */
export async function* readForm(request: IncomingMessage): AsyncGenerator<FormPart> {
  const form = open(request);
  const waiting: { name: string; type: string; stream: Readable }[] = [];
  let reading: Readable | undefined;
  let ended = false;
  let failure: Refusal | undefined;
  let notify: () => void = () => undefined;
  // Whoever waits for more octets, or for the next part, learns of it: nothing else would ever wake it.
  const fail = (): void => {
    failure ??= new Refusal({ code: 'MULTIPART_INVALID' });
    for (const stream of [reading, ...waiting.map((part) => part.stream)]) stream?.destroy(failure);
    notify();
  };
  form.on('file', (name: string, stream: Readable, _file: string, _encoding: string, type: string) => {
    stream.on('error', fail);
    waiting.push({ name, type: type.toLowerCase(), stream });
    notify();
  });
  for (const fault of ['partsLimit', 'filesLimit', 'error']) form.on(fault, fail);
  form.on('finish', () => {
    ended = true;
    notify();
  });
  const stalled: NodeJS.Timeout = setTimeout(() => {
    // Held up by ourselves, who are at work on a part, a sender is not silent.
    if (request.complete || request.isPaused()) stalled.refresh();
    else fail();
  }, LIMITS.uploadIdle.value);
  request.on('data', () => stalled.refresh());
  request.on('error', fail);
  request.on('close', () => {
    if (!request.complete) fail();
  });
  if (request.destroyed) fail();
  request.pipe(form);
  try {
    for (;;) {
      if (failure) throw failure;
      const part = waiting.shift();
      if (part) {
        reading = part.stream;
        yield { name: part.name, type: part.type, octets: octetsOf(part.stream) };
        await drained(part.stream);
        continue;
      }
      if (ended) return;
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
  } finally {
    clearTimeout(stalled);
    request.unpipe(form);
    form.destroy();
    request.resume();
  }
}

async function* octetsOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch {
    throw new Refusal({ code: 'MULTIPART_INVALID' });
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

function drained(stream: Readable): Promise<void> {
  if (stream.destroyed || stream.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
    stream.resume();
  });
}

/** All octets of one small part. @throws Refusal TOO_LARGE past `most` */
export async function whole(part: FormPart, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part.octets) {
    size += piece.length;
    if (size > most) throw new Refusal({ code: 'TOO_LARGE', facts: { part: /^[a-z0-9-]{1,16}$/.test(part.name) ? part.name : 'unknown', most } });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Reads a form whose fields come at most once each, in any order; `limits`: octets that each may have, by its name. @throws Refusal */
export async function readNamed<N extends string>({ raw }: { raw: IncomingMessage }, limits: Readonly<Record<N, number>>): Promise<Partial<Record<N, Buffer>>> {
  const sent: Partial<Record<N, Buffer>> = {};
  for await (const part of readForm(raw)) {
    if (!Object.hasOwn(limits, part.name) || part.name in sent) throw new Refusal({ code: 'OUT_OF_ORDER', facts: { expected: Object.keys(limits).find((name) => !(name in sent)) ?? 'the end' } });
    const name = part.name as N;
    sent[name] = await whole(part, limits[name]);
  }
  return sent;
}
