/** What a browser sees where the viewer has not been built; no script, no style: the CSP lets none through. */
export const viewerMissingPage = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gantry · 龙门</title>
<h1>龙门网关已在运行，但网页界面尚未构建</h1>
<p>请在安装目录执行 <code>npm run build</code>，然后刷新本页；使用 <code>./scripts/start</code> 启动会自动构建。</p>
<p lang="en">The gateway runs, but its web interface has not been built. Run <code>npm run build</code> in its folder and reload this page; <code>./scripts/start</code> does so by itself.</p>
</html>
`;
