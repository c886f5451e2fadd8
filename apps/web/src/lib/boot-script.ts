// Owns the inline script of every page: what must be known before the first paint. Its hash is in the page's CSP.
import { VIEW_STORAGE_KEY } from './view-store';

/**
 * Sets language and density from the stored choice, and tells zod not to compile validators with `new Function`,
 * which the CSP forbids and browsers would report.
 */
export const bootScript = `(function(){
window.__zod_globalConfig={jitless:true};
var root=document.documentElement,view={};
try{view=(JSON.parse(localStorage.getItem('${VIEW_STORAGE_KEY}')||'{}')||{}).state||{}}catch(e){}
var locale=view.locale;
if(locale!=='en'&&locale!=='zh-CN'){
locale='zh-CN';
var wanted=navigator.languages||[];
for(var i=0;i<wanted.length;i++){
var language=String(wanted[i]).toLowerCase().split('-')[0];
if(language==='zh')break;
if(language==='en'){locale='en';break}
}}
root.lang=locale;
root.dataset.density=view.density==='compact'?'compact':'comfortable';
})()`.replaceAll('\n', '');
