import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, Matches, Min, ValidateIf, ValidateNested, type ValidationOptions } from 'class-validator';

// Shapes of what the gateway answers and of nothing that is sent to it. A label of an organisation or post is text; what concerns a
// person at risk is a code, an id, a digest or sealed octets, as everywhere.

const all = (...decorators: PropertyDecorator[]): PropertyDecorator => (target, property) => {
  for (const decorate of decorators) decorate(target, property);
};

/** A list of objects of one class. */
export const Each = (shape: () => new () => object): PropertyDecorator => all(IsArray(), ValidateNested({ each: true }), Type(shape));

export const TextEach = (): PropertyDecorator => all(IsArray(), IsString({ each: true }));

/** A whole number from nought: octets, milliseconds, places. */
export const Count = (): PropertyDecorator => all(Min(0), IsInt());

/** OpenPGP fingerprint, upper-case hexadecimal, version 4 or 6. */
export const Fingerprint = (options: ValidationOptions = {}): PropertyDecorator => Matches(/^([0-9A-F]{40}|[0-9A-F]{64})$/, options);

export const Base64 = (): PropertyDecorator => Matches(/^[A-Za-z0-9+/]*={0,2}$/);

/** JWS in its compact form (RFC 7515, 7.1). */
export const CompactJws = (): PropertyDecorator => Matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

/** The context by which a schema tells this from a field that may be left out. */
export const NULLABLE = { nullable: true } as const;

/** Always there, and `null` where there is nothing to tell. */
export const OrNull = (): PropertyDecorator => (target, property) =>
  ValidateIf((object: Record<string, unknown>) => object[String(property)] !== null, { context: NULLABLE })(target, property);
