import 'reflect-metadata';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { readJson, readJsonText, type JsonReading } from './json';
import { LINE_CLASSES, type Line, PartLine } from './line';
import { Manifest } from './manifest';
import { readAs } from './rules';

/** Where a text departs from its class: a JSON pointer (RFC 6901) and a sentence that never repeats the value. */
export interface Fault {
  pointer: string;
  says: string;
}

export type Reading<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

export const readManifest = (octets: Uint8Array): Reading<Manifest> => shaped(Manifest, readJson(octets));

/** Reads one line's exact text. */
export function readLine(text: string): Reading<Line> {
  const json = readJsonText(text);
  const about = json.ok && isObject(json.value) ? json.value['about'] : undefined;
  const shape = typeof about === 'string' && Object.hasOwn(LINE_CLASSES, about) ? LINE_CLASSES[about as keyof typeof LINE_CLASSES] : PartLine;
  return shaped<Line>(shape, json);
}

/** Holds a value to a class: unknown fields, wrong types and wrong shapes are faults, all of them told. */
export function shaped<T extends object>(shape: ClassConstructor<T>, json: JsonReading): Reading<T> {
  if (!json.ok) return { ok: false, faults: [{ pointer: json.pointer, says: `is not JSON as the wire allows it: ${json.problem}` }] };
  if (!isObject(json.value)) return { ok: false, faults: [{ pointer: '', says: 'must be a JSON object' }] };
  const sound = readAs(shape, json.value);
  if (sound) return { ok: true, value: sound };
  const value = plainToInstance(shape, json.value);
  const errors = validateSync(value, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validationError: { target: false, value: false } });
  return errors.length === 0 ? { ok: true, value } : { ok: false, faults: errors.flatMap((error) => faultsOf(error, '')) };
}

function faultsOf(error: ValidationError, above: string): Fault[] {
  const unknown = error.constraints?.['whitelistValidation'] !== undefined;
  // An unknown field's name comes from the sender and may hold anything: it is counted, not repeated.
  const pointer = unknown ? above : `${above}/${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((says) => ({ pointer, says: unknown ? 'has a field that the protocol does not know' : says }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
