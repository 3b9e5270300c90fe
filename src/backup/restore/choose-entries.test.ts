import { describe, expect, it } from 'vitest';
import { chooseEntries } from './choose-entries.ts';
import type { Selection } from './selection.ts';
import { readToc } from './toc.ts';

/** As pg_restore 15 writes it. */
const text = `;
; Archive created at 2026-11-22 01:09:55 UTC
;     dbname: shop
;
7; 2615 20836 SCHEMA - side ann
8; 2615 20837 SCHEMA - side b ann
9; 2615 20838 SCHEMA - DATA ann
879; 1247 20838 TYPE public mood ann
254; 1255 21019 FUNCTION public noted() ann
3577; 0 0 ACL public FUNCTION noted() ann
;	depends on: 254
242; 1259 20982 TABLE public goods ann
;	depends on: 879
3578; 0 0 ACL public TABLE goods bob
;	depends on: 242
241; 1259 20981 SEQUENCE public goods_id_seq ann
;	depends on: 242
243; 1259 20992 TABLE public lines ann
244; 1259 20993 TABLE public lines ann more ann
226; 1259 20908 TABLE public measured ann
227; 1259 20911 TABLE public measured_2025 ann
;	depends on: 226 879
230; 1259 20922 TABLE public derived ann
;	depends on: 243
245; 1259 21007 VIEW public dear ann
;	depends on: 242 242
300; 1259 21100 TABLE DATA side ann
;	depends on: 9
301; 1259 21101 TABLE side notes ann
;	depends on: 7
302; 1259 21102 SEQUENCE side steps ann
;	depends on: 7
303; 1259 21103 TABLE solo notes ann
3340; 0 0 TABLE ATTACH public measured_2025 ann
;	depends on: 227 226
3347; 2604 21039 DEFAULT public goods id ann
;	depends on: 241 242 242
3544; 0 20911 TABLE DATA public measured_2025 ann
;	depends on: 227
3557; 0 20982 TABLE DATA public goods ann
;	depends on: 242
3558; 0 20992 TABLE DATA public lines ann
;	depends on: 243
3584; 0 0 SEQUENCE SET public goods_id_seq ann
;	depends on: 241
3369; 2606 20991 CONSTRAINT public goods goods_pkey ann
;	depends on: 242
3370; 1259 21005 INDEX public measured_v ann
;	depends on: 226
3371; 1259 21006 INDEX public measured_2025_v ann
;	depends on: 227
3372; 0 0 INDEX ATTACH public measured_2025_v ann
;	depends on: 3370 3371
3379; 2620 21020 TRIGGER public goods goods_noted ann
;	depends on: 254 242
3380; 2620 21021 TRIGGER public lines lines_noted ann
;	depends on: 254 243
3378; 2606 20997 FK CONSTRAINT public lines lines_good ann
;	depends on: 242 243 3369
3533; 6106 21030 PUBLICATION TABLE public news goods ann
;	depends on: 242 3532
`;
const toc = readToc(text);
const named = (name: string, schema = 'public') => ({ schema, name });
const table = (name: string, schema = 'public') => ({
  ...named(name, schema),
  ...{ rows: 1, method: 'hashes', fingerprint: '1' },
});
const database = {
  roles: ['ann', 'bob'],
  contents: {
    tables: [table('goods'), table('lines'), table('measured_2025'), table('notes', 'side')],
    sequences: [{ ...named('goods_id_seq'), value: { value: '1', called: true } }],
    materializedViews: [],
    largeObjects: { count: 0, fingerprint: '0' },
    constraints: { total: 0, notValid: 0 },
  },
} as unknown as Parameters<typeof chooseEntries>[2];
const choose = (selection: Partial<Selection>) => {
  const { entries, ...chosen } = chooseEntries(
    toc,
    { tables: [], schemas: [], ...selection },
    database,
  );
  return { ...chosen, ids: entries.map(({ id }) => id) };
};

describe('the entries of a dump', () => {
  it('are read with what they need', () => {
    expect(toc).toHaveLength(text.match(/^\d+;/gm)?.length ?? 0);
    expect(toc.find(({ id }) => id === 3378)).toEqual({
      ...{ id: 3378, kind: 'FK CONSTRAINT', rest: 'public lines lines_good ann' },
      needs: [242, 243, 3369],
    });
    expect(toc.find(({ id }) => id === 300)).toMatchObject({
      kind: 'TABLE',
      rest: 'DATA side ann',
    });
  });

  it('are those of a table, and what these need', () => {
    expect(choose({ tables: [named('goods')] })).toMatchObject({
      ids: [879, 254, 3577, 242, 3578, 241, 3347, 3557, 3584, 3369, 3379],
      leftOut: ['fk constraint public lines lines_good ann'],
      tables: [{ name: 'goods' }],
      sequences: [{ name: 'goods_id_seq' }],
    });
  });

  it('leave out what needs a table that nobody named', () => {
    const lines = choose({ tables: [named('lines')] });
    expect(lines.ids).toEqual([254, 3577, 243, 3558, 3380]);
    expect(lines.leftOut).toEqual(['fk constraint public lines lines_good ann']);
    const both = choose({ tables: [named('lines'), named('goods')] });
    expect(both.leftOut).toEqual([]);
    expect(both.ids).toContain(3378);
  });

  it('are with a partitioned table those of its partitions', () => {
    expect(choose({ tables: [named('measured')] })).toMatchObject({
      ids: [879, 226, 227, 3340, 3544, 3370, 3371, 3372],
      leftOut: [],
      tables: [{ name: 'measured_2025' }],
    });
  });

  it('are with a partition not those of its parent', () => {
    expect(choose({ tables: [named('measured_2025')] })).toMatchObject({
      ids: [879, 227, 3544, 3371],
      leftOut: ['table attach public measured_2025 ann'],
    });
  });

  it('are those of a schema', () => {
    expect(choose({ schemas: ['DATA'] }).ids).toEqual([9, 300]);
    expect(choose({ schemas: ['solo'] }).ids).toEqual([303]);
  });

  it.each([
    [{ tables: [named('godos')] }, 'no table public.godos; did you mean public.goods?'],
    [{ tables: [named('Goods', 'zzzzzz')] }, 'no table zzzzzz.Goods'],
    [{ schemas: ['publik'] }, 'no schema publik; did you mean public?'],
    [{ tables: [named('derived')] }, 'cannot be restored without table public lines ann'],
    [{ schemas: ['side'] }, 'cannot be restored alone'],
  ])('are refused: %j', (selection, message) => {
    expect(() => choose(selection)).toThrow(
      expect.objectContaining({
        code: 'usage-invalid',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('take a name for no other that begins with it', () => {
    // `lines ann more` of ann is not `lines` of a role `ann more ann`.
    expect(choose({ tables: [named('lines')] }).ids).not.toContain(244);
  });
});
