// Records as the contract describes them, with one text in every member that takes a text.
import { readFile } from 'node:fs/promises';
import yaml from 'js-yaml';

const { components } = yaml.load(await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8'));

// What blocks and prompts hold: fewer kinds, as the document would be too large to send.
const within = ['paragraph', 'raw_html', 'question'];

// References are told by the names of their members.
const referred = { asset: 'asset', cover: 'asset', source: 'source', section: 'section', worksheet: 'worksheet', fragment: 'fragment' };

/** A document of a schema: every member that may have a text has it, every kind of block and prompt is there. */
export function filled(schema, text, ids) {
  let blocks = 0;
  return value(components.schemas[schema], '', 0);

  function value(given, name, depth) {
    const schema = resolved(given);
    if (schema.discriminator) throw new Error(`${name} is no list of kinds`);
    if (referred[name] && /Reference/.test(JSON.stringify(given))) return reference(referred[name]);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum[0];
    const types = [schema.type].flat();
    if (types.includes('array')) return list(schema, name, depth);
    if (types.includes('object') || schema.properties || schema.allOf) return object(schema, depth);
    if (types.includes('integer') || types.includes('number')) return name === 'level' ? 2 : Math.max(schema.minimum ?? 1, 1);
    if (types.includes('boolean')) return false;
    if (name === 'date-parts') return 2001;
    return text;
  }

  function reference(type) {
    return ids[type] ? { type, id: ids[type] } : null;
  }

  function list(schema, name, depth) {
    const item = resolved(schema.items);
    if (!item.discriminator) return [value(schema.items, name, depth)];
    const kinds = depth === 0 ? Object.keys(item.discriminator.mapping) : within;
    return kinds.filter((kind) => item.discriminator.mapping[kind] && ids[kind] !== null).map((kind) => {
      const ref = item.discriminator.mapping[kind];
      return { ...value({ $ref: ref }, kind, depth + 1), kind };
    });
  }

  function object(schema, depth) {
    const out = {};
    for (const [name, member] of Object.entries(members(schema))) {
      if (name === 'course_id' || name === 'module_id') out[name] = ids[name];
      else if (name === 'id' && member.$ref?.endsWith('/BlockIDSent')) out[name] = `${text.slice(0, 60)}${(blocks += 1)}`;
      else if (!['id', 'position', 'parent_id', 'prompt', 'after'].includes(name)) out[name] = value(member, name, depth);
    }
    if (schema.additionalProperties === true) out[text] = text;
    return out;
  }
}

function members(schema) {
  return Object.assign({}, ...(schema.allOf ?? []).map((part) => members(resolved(part))), schema.properties);
}

/** A schema without references and without the null that it also takes. */
function resolved(schema) {
  if (schema.$ref) return resolved(components.schemas[schema.$ref.split('/').at(-1)]);
  const [first, ...others] = (schema.anyOf ?? schema.oneOf ?? []).filter((s) => s.type !== 'null');
  return first && others.length === 0 ? resolved(first) : schema;
}
