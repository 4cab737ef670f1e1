import { PARAMETER_NAMES, PARAMETERS } from './parameters';
import { profileSchema } from './schema';

test('every parameter has its place in the schema, and those that every profile states are required there', () => {
  interface Node {
    properties: Record<string, Node>;
    required: string[];
  }
  for (const name of PARAMETER_NAMES) {
    const path = name.split('.');
    let at = profileSchema() as unknown as Node;
    for (const step of path) {
      const required = at.required.includes(step);
      if ('required' in PARAMETERS[name]) expect([name, required]).toEqual([name, true]);
      at = at.properties[step] as Node;
    }
    expect(Object.keys(at.properties)).toEqual(['value', 'clause', 'default', 'because']);
  }
});
