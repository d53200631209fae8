import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
const [browser, extension, n="8"] = process.argv.slice(2);
const driver = spawn("node", ["e2e/driver.js", "--browser", browser, "--extension", extension, "--out", "out"], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();
async function reply(){ const {value}=await lines.next(); const s=JSON.parse(value); if(s.error) throw new Error(s.error); return s; }
await reply();
const rows=[];
for (let i=0;i<+n;i++){
  await sleep(1800);
  driver.stdin.write(JSON.stringify({do:"check",screenshots:""})+"\n");
  const r=await reply();
  const t=r.evidence.trace; if(!t){console.log("no trace");break;}
  const c=t[0][1]-r.ms.opened; // click
  const o={fp:r.ms.first_paint}; for(const [k,v] of t.slice(1)) if(!(k in o)) o[k]=v-c; o.row=r.ms.first_row; o.verdict=r.ms.verdict; rows.push(o);
}
const keys=[...new Set(rows.flatMap(o=>Object.keys(o)))];
const med=a=>a.filter(x=>x!==undefined).sort((x,y)=>x-y)[a.length>>1];
const m=keys.map(k=>[k,Math.round(med(rows.map(o=>o[k])))]).sort((a,b)=>a[1]-b[1]);
console.log(browser, m.map(([k,v])=>`${k}=${v}`).join(" "));
for(const o of rows) console.log("  ", keys.map(k=>`${k}=${Math.round(o[k])}`).join(" "));
driver.stdin.end('{"do":"quit"}\n');
