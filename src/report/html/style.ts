import { dark, light, variables } from './palette.ts';

/**
 * The whole style. No style attribute is used anywhere, so the content security policy can name this
 * text by its hash. Paper gets the light theme, since the dark one asks for a screen.
 */
export const style = `
:root{color-scheme:light dark;${variables(light)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
.page{max-width:70rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1,h2,h3,p,ol,ul,dl,dd,figure,pre,table{margin:0}
h2{font-size:1.2rem;line-height:1.3}
h3{font-size:1rem;line-height:1.4}
a{color:var(--link)}
a:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
.quiet{color:var(--quiet);font-weight:400}
.small{font-size:.875rem}
.inline-block{display:inline-block}
.skip{position:absolute;left:-100rem}
.skip:focus{position:static}

.brand{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1.5rem;margin-bottom:1rem;color:var(--quiet);font-size:.875rem}
.brand strong{color:var(--text);letter-spacing:.01em}
.verdict{border:1px solid var(--line);border-left:.5rem solid var(--tone);border-radius:.5rem;background:var(--tone-ground);padding:1.25rem 1.5rem}
.verdict h1{display:flex;align-items:center;gap:.75rem;font-size:2.25rem;line-height:1.15;letter-spacing:.01em;color:var(--tone)}
.verdict p{margin-top:.5rem;max-width:60rem}
.seal{flex:none;display:inline-grid;place-items:center;width:1.35em;height:1.35em;border:.09em solid currentColor;border-radius:50%;font-size:.75em;line-height:1}
.gates{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1rem;padding:0;list-style:none;font-size:.875rem}
.gates li{padding:.125rem .625rem;border:1px solid var(--line);border-radius:1rem;background:var(--panel)}
.contents{margin:1rem 0 0;font-size:.875rem}
.contents ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}

section{margin-top:1.25rem;padding:1.25rem 1.5rem 1.5rem;border:1px solid var(--line);border-radius:.5rem;background:var(--panel)}
section>h2{margin-bottom:.875rem}
section>h3{margin:1.75rem 0 .625rem}
section>p+*,figure+table{margin-top:1rem}
figure+p{margin-top:.75rem}
.steps{padding-left:1.5rem}
.steps li+li{margin-top:.25rem}

.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem 1.5rem}
.facts dt,.about dt{color:var(--quiet);font-size:.8125rem}

table{width:100%;table-layout:fixed;border-collapse:collapse;font-size:.9375rem}
th,td{padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);text-align:left;vertical-align:top}
thead th{padding-top:0;border-top:0;color:var(--quiet);font-size:.8125rem;font-weight:600}
tbody th{font-weight:600}
td:last-child,th:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.small-column{width:7rem}
.medium-column{width:13rem}
caption{text-align:left;color:var(--quiet);padding-bottom:.5rem}

.mark{display:inline-flex;gap:.375rem;align-items:baseline;padding:.0625rem .5rem;border-radius:.25rem;background:var(--tone-ground);color:var(--tone);font-size:.875rem;font-weight:600}
.mark i{font-style:normal}
.good{--tone:var(--good);--tone-ground:var(--good-ground)}
.bad{--tone:var(--bad);--tone-ground:var(--bad-ground)}
.warn{--tone:var(--warn);--tone-ground:var(--warn-ground)}
.special{--tone:var(--special);--tone-ground:var(--special-ground)}
.neutral{--tone:var(--neutral);--tone-ground:var(--neutral-ground)}

svg{display:block;width:100%;overflow:visible}
svg text{fill:var(--quiet);font-size:.75rem}
figcaption{margin-bottom:.5rem;color:var(--quiet);font-size:.875rem}
.fill{fill:var(--tone);fill-opacity:.88}
.track{fill:var(--track)}
.tick{stroke:var(--line);stroke-width:1}
.whisker{stroke:var(--text);stroke-width:1.5}
.limit{stroke:var(--text);stroke-width:2;stroke-dasharray:3 2}
.curve{fill:none;stroke:var(--link);stroke-width:1.75;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.dot{fill:var(--link)}
.stack{height:1.5rem}
.thin{height:1.125rem}
.tall{height:2.25rem}
.axis{height:1.25rem}
.plot{height:11rem}
.legend{display:flex;flex-wrap:wrap;gap:.375rem 1rem;margin-top:.625rem;padding:0;list-style:none;font-size:.875rem}
.rows{display:grid;grid-template-columns:fit-content(16rem) minmax(0,1fr) fit-content(18rem);gap:.375rem .875rem;align-items:center;padding:0;list-style:none;font-size:.875rem}
.rows li{display:grid;grid-template-columns:subgrid;grid-column:1/-1;align-items:center}

.rows .value{text-align:right;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1.5rem}

.finding{padding:.75rem 0 .875rem 1rem;border-left:.25rem solid var(--tone)}
.finding+.finding{margin-top:.75rem}
.finding header{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline}
.finding p{margin-top:.375rem}
.remedy::before{content:"How to mend: ";font-weight:600}
.about{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.125rem .75rem;margin-top:.5rem;font-size:.8125rem}
.ordinal{display:flex;gap:.75rem}
.ordinal>span:first-child{flex:none;min-width:1.5rem;text-align:right;font-weight:400;font-variant-numeric:tabular-nums}
.evidence{padding:0;list-style:none}
.evidence a{display:block}
pre{padding:.75rem 1rem;border-radius:.375rem;background:var(--ground);border:1px solid var(--line);white-space:pre-wrap}
footer{margin-top:1.5rem;color:var(--quiet);font-size:.8125rem}

@media screen and (max-width:44rem){
.page{padding:1rem .75rem 2rem}
.verdict{padding:1rem}
.verdict h1{font-size:1.75rem}
section{padding:1rem}
table,tbody,tr,td,tbody th{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:.625rem 0;border-top:1px solid var(--line)}
tbody tr:first-child{border-top:0;padding-top:0}
td,tbody th{display:grid;grid-template-columns:5.5rem minmax(0,1fr);gap:.75rem;padding:.125rem 0;border:0;text-align:left}
td::before,tbody th::before{content:attr(data-label);color:var(--quiet);font-size:.8125rem;font-weight:400;line-height:1.85}
td:empty{display:none}
.number{white-space:normal;text-align:left}
.small-column,.medium-column{width:auto}
.ordinal>span:first-child{min-width:0}
.mark{justify-self:start}
.rows{grid-template-columns:minmax(0,1fr) fit-content(62%);gap:.125rem .75rem}
.rows li{row-gap:.125rem;margin-bottom:.375rem}
.rows .value{grid-area:1/2}
.rows svg{grid-area:2/1/auto/-1}
.about{grid-template-columns:minmax(0,1fr)}
.about dd{margin-bottom:.25rem}
}

@media print{
body{background:#fff;font-size:.8125rem}
.page{max-width:none;padding:0}
.contents,.skip{display:none}
section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.75rem 0}
h2,h3{break-after:avoid}
tr,.finding,figure,pre{break-inside:avoid}
.verdict,.mark,svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
