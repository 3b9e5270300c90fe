/** A small database that holds what copies tend to lose. */
export const oddDatabase = String.raw`
create schema "Sales ""East"" 'q'";
create type mood as enum ('sad', 'it''s ok', 'glad');
create domain positive as integer check (value > 0);
create table "Sales ""East"" 'q'"."Odd $name
two" ("a ""b""" text, "select" integer, "ünï" mood, deploycheck_row_7f3a text);
insert into "Sales ""East"" 'q'"."Odd $name
two" values (E'tab\there', 1, 'glad', 'x'), (null, 2, 'it''s ok', ''), ('', null, null, null);
-- No operator class for hashing: json, xml, point.
create table shapeless (id int primary key, j json, p point, x xml, b jsonb, n numeric, f float8, c char(4));
insert into shapeless values
  (1, '{"a": 1, "a": 2}', '(1,2)', '<a>1</a>', '{"b":[1,2]}', 1.00, 'NaN', 'ab'),
  (2, null, null, null, 'null', 'NaN', '-0', ''),
  (3, '[]', '(0,-0)', null, '{}', 12345678901234567890.123450, 'infinity', null);
-- Equal values that are written in several ways, all of types whose text can be had by a cast.
create table weighed (id int primary key, n numeric, f float8, r float4, i interval, t time, z timetz,
                      j json, b jsonb, a text[], w numeric[], deploycheck_row_7f3a numeric, "n ""m" text);
insert into weighed values
  (1, 1.00, '-0', '0', '30 days', '24:00', '12:00+01', '{"a": 1, "b": 2}', '[1.0]', '{a,NULL}', '{1.0}', 1, ''),
  (2, 'NaN', 'NaN', 'infinity', '-1 mon', '00:00', '11:00+00', 'null', 'null', '{}', '[2:2]={7}', null, null);
create table empty_table (id int, t text);
create table no_columns ();
insert into no_columns default values;
insert into no_columns default values;
create table numbers (id bigint generated always as identity primary key, v text not null, t text,
                      doubled bigint generated always as (id * 2) stored, p positive);
insert into numbers (v, t, p) select 'row ' || g, case when g % 3 = 0 then null else 't' || g end, g
  from generate_series(1, 500) g;
-- Rows that are equal to each other must not cancel each other out.
create table twins (v int);
insert into twins select 7 from generate_series(1, 4);
create table chicken (id int primary key, egg int);
create table egg (id int primary key, chicken int not null references chicken (id) deferrable initially deferred);
insert into chicken values (1, 1), (2, null);
insert into egg values (1, 1), (2, 2);
alter table chicken add constraint chicken_egg foreign key (egg) references egg (id) deferrable;
alter table numbers add constraint numbers_v_not_empty check (v <> '') not valid;
create table measured (at date not null, v int) partition by range (at);
create table measured_2025 partition of measured for values from ('2025-01-01') to ('2026-01-01');
create table measured_rest partition of measured default;
insert into measured values ('2025-05-05', 1), ('2031-01-01', 2);
create table base (id int, a text);
create table derived (b text) inherits (base);
-- A copy has this column before the child's own.
create table parent (a int);
create table child (b int) inherits (parent);
alter table parent add column later int;
insert into child (a, b, later) values (1, 2, 3);
insert into base values (1, 'base');
insert into derived values (2, 'derived', 'd');
create sequence "Odd.Seq" start 100 increment -5 minvalue -1000 maxvalue 100;
select nextval('"Odd.Seq"'), nextval('"Odd.Seq"');
create sequence never_called;
create materialized view totals as select count(*) as n from numbers;
create materialized view unfilled as select 1 as one with no data;
create view seen as select id, v from numbers where id < 10;
create function plus(a int, b int) returns int language sql immutable as 'select a + b';
create index numbers_expr on numbers (plus(id::int, 1));
comment on table numbers is 'it''s "commented" \ on';
create table guarded (id int, owner name default current_user);
insert into guarded values (1);
alter table guarded enable row level security;
create policy own on guarded using (owner = current_user);
select lo_from_bytea(424242, '\xdeadbeef00'), lo_from_bytea(424243, ''), lo_from_bytea(424244, sha256('x'));
create table bytes (id int primary key, b bytea);
insert into bytes select g, decode(repeat('00ff', 1000), 'hex') from generate_series(1, 3) g;
create table orders (id int primary key, invoice_key text);
insert into orders values (1, 'invoices/1.pdf'), (2, 'invoices/ünï & 2.pdf'), (3, null);
`;
