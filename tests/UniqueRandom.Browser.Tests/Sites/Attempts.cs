using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Sites;

/// <summary>The ways in which a script can make the browser send a request to a server.</summary>
internal static class Attempts
{
    /// <summary>Each attempt waits until its request has succeeded or failed.</summary>
    private const string Script = """
        async server => {
            const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"count":1}' };
            const text = { method: 'POST', mode: 'no-cors', body: '{"count":1}' };
            const range = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{"minimum":1,"maximum":9}' };
            const ended = (target, ...events) => new Promise(resolve => events.forEach(event => target['on' + event] = resolve));
            const element = async (name, attributes, ...events) => {
                const created = Object.assign(document.createElement(name), attributes);
                const end = ended(created, ...events);
                document.body.append(created);
                await end;
                return created;
            };
            const frame = src => element('iframe', { src }, 'load', 'error');
            const form = async (action, method) => {
                const name = 'frame' + Math.random();
                const target = await element('iframe', { name, src: 'about:blank' }, 'load');
                const fields = { action, method, target: name, enctype: 'text/plain' };
                const sent = Object.assign(document.createElement('form'), fields);
                sent.append(Object.assign(document.createElement('input'), { name: '{"count":1,"reference":"', value: '"}' }));
                document.body.append(sent);
                const end = ended(target, 'load');
                sent.submit();
                await end;
            };

            for (const path of ['/random', '/pools/default/random']) {
                await element('img', { src: server + path }, 'load', 'error');
                await element('script', { src: server + path }, 'load', 'error');
                await element('link', { rel: 'stylesheet', href: server + path }, 'load', 'error');
                await element('video', { src: server + path }, 'loadeddata', 'error');
                await frame(server + path);
                await fetch(server + path, { mode: 'no-cors' }).catch(() => {});
                await fetch(server + path, { mode: 'no-cors', method: 'HEAD' }).catch(() => {});
                await fetch(server + path, { mode: 'no-cors', referrerPolicy: 'no-referrer' }).catch(() => {});
                await fetch(server + path).catch(() => {});
                await fetch(server + path, { headers: { 'Idempotency-Key': 'page' } }).catch(() => {});
                await fetch(server + path, { credentials: 'include' }).catch(() => {});
                const events = new EventSource(server + path);
                await ended(events, 'open', 'error');
                events.close();
                await ended(new WebSocket(server.replace('http', 'ws') + path), 'open', 'error');
                await form(server + path, 'get');
            }

            const empty = { method: 'POST' };
            const changes = [['/pools/default/draws', json], ['/pools/default/close', empty], ['/pools/page', range]];
            for (const [path, options] of changes) {
                await fetch(server + path, options).catch(() => {});
                await fetch(server + path, { ...text, method: 'POST' }).catch(() => {});
                await fetch(server + path, { ...text, referrerPolicy: 'no-referrer' }).catch(() => {});
                await form(server + path, 'post');
                navigator.sendBeacon(server + path, '{"count":1}');
            }

            // The requests of a beacon and a closed event source arrive before the answer to this one.
            await fetch(server + '/health', { mode: 'no-cors' }).catch(() => {});
        }
        """;

    /// <summary>Makes all attempts, and returns the requests that the server answered, with their status codes.</summary>
    public static async Task<List<(string Request, int Status)>> MakeAsync(this IPage page, string server)
    {
        var answered = new List<(string, int)>();
        page.Response += (_, response) =>
        {
            if (!response.Url.StartsWith(server, StringComparison.Ordinal))
                return;
            lock (answered)
                answered.Add(($"{response.Request.Method} {response.Url[server.Length..]}", response.Status));
        };
        await page.EvaluateAsync(Script, server);
        lock (answered)
            return [.. answered];
    }
}
