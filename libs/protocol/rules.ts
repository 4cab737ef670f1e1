import 'reflect-metadata';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

// What the decorators of a class ask for, looked up once. class-validator looks it up, and prepares an answer for each field, each time that it is
// asked; nearly everything that is sent is as it should be, and of that nothing has to be said. What is not goes to class-validator, which says why.

const NESTED = 'waybill:nested';

/** Says of which class a field's object is. */
export const nests = (shape: () => ClassConstructor<object>): PropertyDecorator => (target, property) => Reflect.defineMetadata(NESTED, shape, target, property);

type Reader = (given: Record<string, unknown>) => object | undefined;
interface Rule {
  validate(value: unknown, of: object): boolean;
  each: boolean;
}
interface Property {
  name: string;
  /** When it need not be looked at. */
  asked: readonly ((object: object, value: unknown) => boolean)[];
  rules: readonly Rule[];
  nested?: Reader | undefined;
}

const READERS = new WeakMap<ClassConstructor<object>, Reader>();

/** The value as an object of its class, where nothing of it is against the class's rules; undefined where something may be. */
export function readAs<T extends object>(shape: ClassConstructor<T>, given: Record<string, unknown>): T | undefined {
  return readerOf(shape)(given) as T | undefined;
}

function readerOf(shape: ClassConstructor<object>): Reader {
  const known = READERS.get(shape) ?? makeReader(shape);
  READERS.set(shape, known);
  return known;
}

const unsure: Reader = () => undefined;

function makeReader(shape: ClassConstructor<object>): Reader {
  const storage = getMetadataStorage();
  const properties: Property[] = [];
  for (const [name, metadatas] of Object.entries(storage.groupByPropertyName(storage.getTargetValidationMetadatas(shape, '', false, false)))) {
    const property: Property & { asked: Property['asked'][number][]; rules: Rule[] } = { name, asked: [], rules: [] };
    for (const { type, constraints, constraintCls, each, validateIf, groups } of metadatas) {
      if (validateIf || groups?.length) return unsure;
      if (type === ValidationTypes.CONDITIONAL_VALIDATION) property.asked.push(constraints?.[0] as Property['asked'][number]);
      else if (type === ValidationTypes.NESTED_VALIDATION && !each) {
        const inner = Reflect.getMetadata(NESTED, shape.prototype as object, name) as (() => ClassConstructor<object>) | undefined;
        if (!inner) return unsure;
        property.nested = readerOf(inner());
      } else if (type === ValidationTypes.CUSTOM_VALIDATION) {
        for (const { instance, async } of storage.getTargetValidatorConstraints(constraintCls)) {
          if (async) return unsure;
          property.rules.push({ each, validate: (value, object) => instance.validate(value, { targetName: shape.name, property: name, object, value, constraints: constraints ?? [] }) === true });
        }
      } else return unsure;
    }
    properties.push(property);
  }
  return properties.length === 0 ? unsure : (given) => read(shape, properties, given);
}

function read(shape: ClassConstructor<object>, properties: readonly Property[], given: Record<string, unknown>): object | undefined {
  const object = new shape() as Record<string, unknown>;
  let known = 0;
  for (const { name } of properties) {
    if (!Object.hasOwn(given, name)) continue;
    object[name] = given[name];
    known += 1;
  }
  // A field that no rule knows.
  if (known < Object.keys(given).length) return undefined;
  for (const { name, asked, rules, nested } of properties) {
    const value = object[name];
    if (!asked.every((condition) => condition(object, value))) continue;
    if (!rules.every((rule) => holds(rule, value, object))) return undefined;
    if (!nested || value === undefined) continue;
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? nested(value as Record<string, unknown>) : undefined;
    if (!inner) return undefined;
    object[name] = inner;
  }
  return object;
}

const holds = ({ each, validate }: Rule, value: unknown, object: object): boolean => (each && Array.isArray(value) ? value.every((item) => validate(item, object)) : validate(value, object));
