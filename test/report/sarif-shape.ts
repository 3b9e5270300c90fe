/**
 * The part of SARIF 2.1.0 that the report uses, as a closed JSON Schema: a property the standard does
 * not define, or a value it does not allow, fails. Written from the prose of the standard; numbers are
 * its sections.
 */
const text = { type: 'string', minLength: 1 };
const message = closed({ text }, ['text']); // 3.11
const index = { type: 'integer', minimum: 0 };
const level = { enum: ['none', 'note', 'warning', 'error'] };
const properties = { type: 'object' };

function closed(shape: object, required: readonly string[] = []) {
  return { type: 'object', properties: shape, required, additionalProperties: false };
}

function list(items: object, minItems = 0) {
  return { type: 'array', items, minItems };
}

// 3.28, 3.29, 3.30, 3.33
const location = closed(
  {
    message,
    physicalLocation: closed(
      {
        artifactLocation: closed(
          { uri: { type: 'string', format: 'uri-reference', minLength: 1 }, uriBaseId: text },
          ['uri'],
        ),
        region: closed({
          startLine: { type: 'integer', minimum: 1 },
          startColumn: { type: 'integer', minimum: 1 },
        }),
      },
      ['artifactLocation'],
    ),
    logicalLocations: list(
      closed({
        name: { type: 'string' },
        fullyQualifiedName: { type: 'string' },
        kind: { enum: ['resource', 'property'] },
      }),
    ),
  },
  ['physicalLocation'],
);

const at = { type: 'integer', minimum: 1 };

// 3.55, 3.56, 3.57
const fix = closed(
  {
    description: message,
    artifactChanges: list(
      closed(
        {
          artifactLocation: closed({ uri: text, uriBaseId: text }, ['uri']),
          replacements: list(
            closed(
              {
                deletedRegion: closed(
                  { startLine: at, startColumn: at, endLine: at, endColumn: at },
                  ['startLine', 'startColumn', 'endLine', 'endColumn'],
                ),
                insertedContent: closed({ text: { type: 'string' } }, ['text']),
              },
              ['deletedRegion', 'insertedContent'],
            ),
            1,
          ),
        },
        ['artifactLocation', 'replacements'],
      ),
      1,
    ),
  },
  ['artifactChanges'],
);

// 3.27, 3.35
const result = closed(
  {
    ruleId: text,
    ruleIndex: index,
    level,
    message: closed({ text: { type: 'string' } }, ['text']),
    locations: list(location, 1),
    partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
    suppressions: list(
      closed(
        {
          kind: { enum: ['inSource', 'external'] },
          status: { enum: ['accepted', 'underReview', 'rejected'] },
          justification: { type: 'string' },
        },
        ['kind'],
      ),
    ),
    fixes: list(fix, 1),
    properties,
  },
  ['message', 'ruleId', 'ruleIndex', 'locations', 'suppressions'],
);

// 3.20, 3.58
const invocation = closed(
  {
    executionSuccessful: { type: 'boolean' },
    startTimeUtc: { type: 'string', format: 'date-time' },
    endTimeUtc: { type: 'string', format: 'date-time' },
    toolExecutionNotifications: list(
      closed(
        {
          descriptor: closed({ id: text }),
          associatedRule: closed({ id: text, index }),
          level,
          message,
        },
        ['message'],
      ),
    ),
  },
  ['executionSuccessful'],
);

// 3.49
const rule = closed(
  {
    id: text,
    shortDescription: message,
    fullDescription: message,
    help: message,
    helpUri: { type: 'string', format: 'uri' },
    defaultConfiguration: closed({ level }),
  },
  ['id'],
);

// 3.13, 3.14, 3.17, 3.18, 3.19
export const sarifShape = closed(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: list(
      closed(
        {
          tool: closed(
            { driver: closed({ name: text, version: text, rules: list(rule) }, ['name']) },
            ['driver'],
          ),
          automationDetails: closed({ id: text }),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          invocations: list(invocation),
          results: list(result),
          properties,
        },
        ['tool', 'results'],
      ),
      1,
    ),
  },
  ['version', 'runs'],
);
