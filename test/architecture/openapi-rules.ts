import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';

type Json = Record<string, unknown>;

/** What OpenAPI 3.1 asks of a document, as far as ours goes: unknown fields are faults, so that a misspelt one is seen. */
const RULES = {
  type: 'object',
  required: ['openapi', 'info', 'paths'],
  additionalProperties: false,
  properties: {
    openapi: { type: 'string', pattern: '^3\\.1\\.[0-9]+$' },
    jsonSchemaDialect: { const: 'https://json-schema.org/draft/2020-12/schema' },
    info: {
      type: 'object', required: ['title', 'version'], additionalProperties: false,
      properties: { title: TEXT(), summary: TEXT(), description: TEXT(), version: TEXT(), license: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: TEXT(), identifier: TEXT() } } },
    },
    servers: { type: 'array', items: { type: 'object', required: ['url'], additionalProperties: false, properties: { url: TEXT(), variables: { type: 'object', additionalProperties: { type: 'object', required: ['default'], properties: { default: TEXT(), description: TEXT() }, additionalProperties: false } } } } },
    security: { $ref: '#/$defs/security' },
    tags: { type: 'array', uniqueItems: true, items: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: TEXT(), description: TEXT() } } },
    paths: { type: 'object', propertyNames: { pattern: '^/' }, additionalProperties: { type: 'object', minProperties: 1, propertyNames: { enum: ['get', 'put', 'post', 'delete', 'patch'] }, additionalProperties: { $ref: '#/$defs/operation' } } },
    components: {
      type: 'object', additionalProperties: false,
      properties: {
        schemas: { type: 'object', propertyNames: { pattern: '^[A-Za-z0-9._-]+$' }, additionalProperties: { type: 'object' } },
        securitySchemes: { type: 'object', additionalProperties: { type: 'object', required: ['type'], additionalProperties: false, properties: { type: { enum: ['apiKey', 'http', 'mutualTLS', 'oauth2', 'openIdConnect'] }, description: TEXT() } } },
      },
    },
  },
  $defs: {
    security: { type: 'array', items: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } } },
    operation: {
      type: 'object', required: ['operationId', 'responses', 'summary'], additionalProperties: false,
      properties: {
        operationId: TEXT(), summary: TEXT(), description: TEXT(), tags: { type: 'array', items: TEXT() }, security: { $ref: '#/$defs/security' },
        parameters: { type: 'array', items: { $ref: '#/$defs/parameter' } },
        requestBody: { type: 'object', required: ['content'], additionalProperties: false, properties: { required: { type: 'boolean' }, description: TEXT(), content: { $ref: '#/$defs/content' } } },
        responses: { type: 'object', minProperties: 1, propertyNames: { pattern: '^([1-5][0-9]{2}|[1-5]XX|default)$' }, additionalProperties: { $ref: '#/$defs/response' } },
      },
    },
    parameter: {
      type: 'object', required: ['name', 'in', 'schema'], additionalProperties: false,
      properties: { name: TEXT(), in: { enum: ['path', 'query', 'header'] }, required: { type: 'boolean' }, description: TEXT(), schema: { type: 'object' } },
      if: { type: 'object', properties: { in: { const: 'path' } } }, then: { required: ['required'], properties: { required: { const: true } } },
    },
    response: {
      type: 'object', required: ['description'], additionalProperties: false,
      properties: { description: TEXT(), headers: { type: 'object', additionalProperties: { type: 'object', required: ['schema'], additionalProperties: false, properties: { description: TEXT(), schema: { type: 'object' } } } }, content: { $ref: '#/$defs/content' } },
    },
    content: {
      type: 'object', minProperties: 1, propertyNames: { pattern: '^[a-z]+/[a-z0-9.+-]+$' },
      additionalProperties: { type: 'object', additionalProperties: false, properties: { schema: { type: 'object' }, encoding: { type: 'object', additionalProperties: { type: 'object', required: ['contentType'], additionalProperties: false, properties: { contentType: TEXT() } } } } },
    },
  },
};

function TEXT(): object {
  return { type: 'string', minLength: 1 };
}

const conforms: ValidateFunction = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(RULES);

/** Everything that is wrong with a document, each a sentence; what JSON Schema can say, and what it cannot. */
export function faultsOf(document: Json): string[] {
  if (!conforms(document)) return (conforms.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  const operations = Object.entries(document['paths'] as Record<string, Json>).flatMap(([path, item]) => Object.values(item as Record<string, Json>).map((operation) => ({ path, operation })));
  const schemes = Object.keys((document['components'] as { securitySchemes?: object } | undefined)?.securitySchemes ?? {});
  const securities = [document['security'], ...operations.map(({ operation }) => operation['security'])].flatMap((list) => (list as object[] | undefined) ?? []).flatMap(Object.keys);
  const tags = ((document['tags'] as { name: string }[] | undefined) ?? []).map(({ name }) => name);
  const ids = operations.map(({ operation }) => operation['operationId'] as string);
  const schemas = (document['components'] as { schemas?: Record<string, Json> } | undefined)?.schemas ?? {};
  const referred = new Set(refsOf(document));
  return [
    ...[...referred].filter((ref) => resolve(document, ref) === undefined).map((ref) => `${ref} leads nowhere`),
    ...Object.keys(schemas).filter((name) => !referred.has(`#/components/schemas/${name}`)).map((name) => `nothing refers to the schema ${name}`),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `two operations are called ${id}`),
    ...operations.flatMap(({ operation }) => ((operation['tags'] as string[] | undefined) ?? []).filter((tag) => !tags.includes(tag)).map((tag) => `the tag ${tag} is not declared`)),
    ...securities.filter((name) => !schemes.includes(name)).map((name) => `the security scheme ${name} is not declared`),
    ...operations.flatMap(({ path, operation }) => pathFaults(path, operation)),
    ...Object.entries(schemas).filter(([, schema]) => !SCHEMA.validateSchema(schema)).map(([name]) => `${name} is no JSON Schema 2020-12`),
  ];
}

const SCHEMA = new Ajv2020({ strict: false });

function pathFaults(path: string, operation: Json): string[] {
  const named = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name as string).sort();
  const told = ((operation['parameters'] as { name: string; in: string }[] | undefined) ?? []).filter((each) => each.in === 'path').map(({ name }) => name).sort();
  return named.join() === told.join() ? [] : [`${path} names ${named.join() || 'nothing'} and tells of ${told.join() || 'nothing'}`];
}

const refsOf = (value: unknown): string[] =>
  typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, each]) => (key === '$ref' && typeof each === 'string' ? [each] : refsOf(each)));

function resolve(document: Json, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref.slice(2).split('/').reduce<unknown>((at, step) => (at as Json | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}
