import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import type { JsonSchema } from '../parameters/shape';
import type { ProfileError, Reading } from './yaml';

/** A schema ready to judge. Compiled when it first does: that takes seventy megabytes, and who loads the room may never read a profile. */
export function compiled(schema: () => JsonSchema): () => ValidateFunction {
  let validate: ValidateFunction | undefined;
  return () => (validate ??= new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, code: { optimize: false } }).compile(schema()));
}

/** What a schema finds wrong, said of the line on which it stands. */
export function faultsOf(judge: () => ValidateFunction, file: string, reading: Reading): ProfileError[] {
  const validate = judge();
  if (validate(reading.value)) return [];
  return (validate.errors ?? []).flatMap((error) => {
    const reason = said(error);
    if (reason === undefined) return [];
    const path = pathOf(error.instancePath);
    const unknown = error.keyword === 'additionalProperties' ? [String(error.params['additionalProperty'])] : [];
    return [{ file, line: reading.lineOf([...path, ...unknown]), reason: `${reason}` }];
  });
}

const pathOf = (pointer: string): (string | number)[] =>
  pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step));

function said({ keyword, params, instancePath, message }: ErrorObject): string | undefined {
  const name = instancePath.slice(1).replaceAll('/', '.') || 'the profile';
  switch (keyword) {
    // What branch of a term was taken says nothing; what is missing in it is said by itself.
    case 'if':
      return undefined;
    case 'additionalProperties':
      return `unknown parameter \`${[...instancePath.split('/').slice(1), String(params['additionalProperty'])].join('.')}\``;
    case 'required':
      return `missing \`${String(params['missingProperty'])}\` in ${name}`;
    case 'enum':
      return `unknown code in ${name}: it must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'not':
      return `${name} has both a clause and \`default\`: either the text says it or we do`;
    case 'type':
      return `wrong type: ${name} must be ${String(params['type'])}`;
    case 'pattern':
      return `wrong form: ${name} ${message ?? ''}`;
    default:
      return `${name} ${message ?? 'is wrong'}`;
  }
}
