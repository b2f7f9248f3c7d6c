using System.Globalization;
using System.Text;
using CsCheck;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>A request that breaks a rule. Each character of its head is a byte.</summary>
/// <param name="Rule">The rule that the request breaks.</param>
/// <param name="Status">The status code, if the server's own code answers.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and the query as they are sent.</param>
/// <param name="Headers">The header lines, each with its line end.</param>
/// <param name="Body">The body.</param>
internal sealed record JunkRequest(
    string Rule, int Status, string Method, string Target, string Headers = "", byte[]? Body = null)
{
    private const string Json = "Content-Type: application/json\r\n";

    public ReadOnlyMemory<byte> Bytes => (byte[])[.. RawHttp.Head(Method, Target, Headers, Body?.Length ?? 0), .. Body ?? []];

    public static JunkRequest Draw(string rule, int status, byte[] body, string headers = Json) =>
        new(rule, status, "POST", "/pools/default/draws", headers, body);

    public static JunkRequest Create(string rule, int status, byte[] body, string headers = Json) =>
        new(rule, status, "PUT", "/pools/junk", headers, body);

    public static JunkRequest Extend(string rule, int status, byte[] body, string headers = Json) =>
        new(rule, status, "POST", "/pools/default/extend", headers, body);

    public override string ToString() => $"{Rule}: {Encoding.Latin1.GetString(Bytes.Span)}";
}

/// <summary>Generators of requests that break a rule by construction.</summary>
internal static class JunkRequests
{
    private const string DrawBody = """{"count":1,"reference":"x"}""";
    private const string CreateBody = """{"minimum":1,"maximum":9}""";
    private const string ExtendBody = """{"maximum":2000}""";

    private static readonly (string Path, string Methods)[] Routes =
    [
        ("/random", "GET HEAD"), ("/pools/default/random", "GET HEAD"), ("/pools/default/draws", "GET POST"), ("/pools", "GET"),
        ("/pools/default", "GET PUT"), ("/pools/default/close", "POST"), ("/pools/default/extend", "POST"),
        ("/pools/default/numbers/1", "GET"), ("/pools/default/codes/1", "GET"), ("/health", "GET"),
    ];

    private static readonly string[] Methods =
        ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "JUNK", "X-1!"];

    private static readonly (string Method, string Path, string Body)[] PoolRoutes =
    [
        ("GET", "", ""), ("PUT", "", CreateBody), ("POST", "/close", ""), ("GET", "/random", ""), ("HEAD", "/random", ""),
        ("POST", "/extend", ExtendBody),
        ("POST", "/draws", DrawBody), ("GET", "/draws", ""), ("GET", "/draws?after=1", ""), ("GET", "/numbers/1", ""),
        ("GET", "/codes/1", ""),
    ];

    private static readonly Gen<string> Texts =
        from characters in Gen.OneOf(Gen.Int[' ', '~'], Gen.Int[0, 255], Gen.Int[0, 0xFFFF]).Array[0, 100]
        from tail in Gen.OneOf("", "", "", "🎲", "'--", "\"", "\\", "../", "%s", "\ud800")
        select new string([.. characters.Select(character => (char)character)]) + tail;

    private static readonly Gen<string> Values = Gen.OneOf(
        Gen.OneOf(
        "null", "true", "[]", "{}", "\"1\"", "\"\\ud800\"", "1e400", "-1e400", "1.5", "1e2", "0", "-1", "10001", "1E+2",
        "99999999999999999999"),
        Gen.Int[int.MinValue, 0].Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Int[10_001, int.MaxValue].Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Int[1, 9999].Select(number => string.Create(CultureInfo.InvariantCulture, $"{number}.{number % 10}")),
        Gen.Int[1, 200].Select(depth => new string('[', depth) + new string(']', depth)),
        Texts.Select(text => System.Text.Json.JsonSerializer.Serialize(text)));

    /// <summary>
    /// Bodies that are neither a valid draw nor a valid range: truncated bodies, wrong values, other members and no JSON objects.
    /// </summary>
    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        from body in Gen.OneOf(DrawBody, CreateBody)
        from length in Gen.Int[1, body.Length - 1]
        select Utf8(body[..length]),
        from value in Values
        from rest in Gen.OneOf("", ",\"reference\":\"x\"")
        select Utf8($$"""{"count":{{value}}{{rest}}}"""),
        from value in Values.Where(value => !value.TrimStart('-').All(char.IsAsciiDigit) || value.Length > 18)
        select Utf8($$"""{"minimum":{{value}},"maximum":{{value}}}"""),
        from value in Values.Where(value => value is not ("null" or "\"stored\"" or "\"computed\""))
        select Utf8($$"""{"minimum":1,"maximum":1000000,"order":{{value}}}"""),
        // The range refuses a format that is valid.
        from member in Gen.OneOf("alphabet", "length", "prefix", "group", "check", "size")
        from value in Values
        from rest in Gen.OneOf("\"alphabet\":\"hex\",\"length\":7,", "\"length\":7,", "\"alphabet\":\"hex\",", "")
        select Utf8($$$"""{"maximum":-1,"code":{{{{rest}}}"{{{member}}}":{{{value}}}}}"""),
        from value in Values.Where(value => value != "null")
        select Utf8($$"""{"minimum":1,"maximum":9,"code":{{value}}}"""),
        from name in Texts
        select Utf8($$"""{"count":1,{{System.Text.Json.JsonSerializer.Serialize(name + "!")}}:1}"""),
        Gen.OneOf(DrawBody, CreateBody).Select(body => Utf8($"{body[..^1]},{body[1..]}")),
        Gen.OneOf(DrawBody, CreateBody).Select(body => Utf8($"[{body}]")),
        from start in Gen.Int['|', 0xEE]
        from bytes in Gen.Int[0, 255].Array[0, 100]
        select (byte[])[(byte)start, .. bytes.Select(value => (byte)value)],
        from at in Gen.Int[1, DrawBody.Length - 1]
        from value in Gen.Int[0x80, 0xFF]
        select (byte[])[.. Utf8(DrawBody[..at]), (byte)value, .. Utf8(DrawBody[at..])]);

    /// <summary>Imports with a definition or a number that is not valid: nothing is created.</summary>
    private static readonly Gen<byte[]> Imports = Gen.OneOf(
        Bodies.Select(body => (byte[])[.. body, .. "\n1\n"u8]),
        from value in Values.Where(value => !long.TryParse(value, CultureInfo.InvariantCulture, out var number) || number > 9)
        from before in Gen.OneOf("", "3\n", "3\n\n 4 \r\n")
        from end in Gen.OneOf("", "\n", "\r\n5\n")
        select Utf8($"{CreateBody}\n{before}{value}{end}"),
        from text in Texts.Where(text => text.Trim(' ', '\t', '\r', '\n').Length > 0)
        select Utf8($"{CreateBody}\n1\nx{text}\n"),
        from end in Gen.OneOf("", "\n", "\r\n \t\n")
        select Utf8(CreateBody + end),
        Gen.OneOf(
            "3\n3", "9\n1\n9\n", "-1", "0", "10", "03", "+3", "3 4", "3,4", "3.0", "3e0", "\"3\"", "-", "--3", "\uFEFF3", "\0")
            .Select(numbers => Utf8($"{CreateBody}\n{numbers}")));

    /// <summary>Invalid requests of every kind for every route.</summary>
    public static Gen<JunkRequest> All { get; } =
        from request in Gen.OneOf(
            Bodies.Select(body => JunkRequest.Draw("body of a draw", 400, body)),
            Bodies.Select(body => JunkRequest.Create("body of a range", 400, body)),
            Bodies.Select(body => JunkRequest.Extend("body of an extension", 400, body)),
            Imports.Select(
                body => JunkRequest.Create("body of an import", 400, body, "Content-Type: application/x-ndjson\r\n")),
            Types(),
            from route in Gen.OneOf(PoolRoutes)
            from name in Texts.Select(text => text + "!")
            from cut in Gen.Int[65, 200]
            from isLong in Gen.OneOf(false, false, true)
            select OnPool("name of a pool", 400, route, isLong ? new string('x', cut) : Uri.EscapeDataString(name)),
            from route in Gen.OneOf(PoolRoutes).Where(route => route.Method != "PUT")
            from number in Gen.Int[1, int.MaxValue]
            select OnPool("unknown pool", 404, route, string.Create(CultureInfo.InvariantCulture, $"nowhere-{number}")),
            Keys(),
            from text in Texts.Where(
                text => text.Length > 0 && !long.TryParse(text, CultureInfo.InvariantCulture, out _) && text is not ("." or ".."))
            select new JunkRequest("number", 400, "GET", $"/pools/default/numbers/{Uri.EscapeDataString(text)}"),
            from number in Gen.OneOf(Gen.Int[int.MinValue, 0], Gen.Int[ApiServer.DefaultSize + 1, int.MaxValue])
            select new JunkRequest(
            "number out of range", 404, "GET", string.Create(CultureInfo.InvariantCulture, $"/pools/default/numbers/{number}")),
            from text in Gen.OneOf(
                Texts.Select(text => "x" + text), Texts.Select(text => text + "\0"),
                Gen.OneOf("", "0\0", "-1", "1&after=2", "9223372036854775807", "+1"))
            select new JunkRequest(
            "position", 400, "GET", $"/pools/default/draws?after={(text.Contains('&') ? text : Uri.EscapeDataString(text))}"),
            from route in Gen.OneOf(Routes)
            from method in Gen.OneOf(Methods).Where(method => !route.Methods.Split(' ').Contains(method))
            select new JunkRequest("method", 405, method, route.Path),
            from path in Gen.OneOf("/", "/pools/default/", "/random/", "/pools/default/numbers/1/", "/docs/", "/health/")
            from text in Texts
            select new JunkRequest("path", 404, "GET", $"{path}!{Uri.EscapeDataString(text)}/x"))
        from query in Texts
        from header in Texts
        from extras in Gen.Int[0, 9]
        select request with
        {
            Target = extras == 0 && !request.Target.Contains('?')
            ? $"{request.Target}?junk={Uri.EscapeDataString(query)}"
            : request.Target,
            Headers = extras == 1 ? $"{request.Headers}X-Junk: {Line(header)}\r\n" : request.Headers,
        };

    /// <summary>
    /// Random bytes instead of a request, without a valid header, because the only colon has a space
    /// before it.
    /// </summary>
    public static Gen<byte[]> Noise { get; } =
        from start in Gen.OneOf(
            "", "GET ", "GET /random", "GET /random HTTP/1.1\r\nHost: x\r\n",
            "POST /pools/default/draws HTTP/1.1\r\nHost: x\r\nContent-Length: ")
        from bytes in Gen.Int[0, 255].Array[0, 100]
        let junk = bytes.Where(value => value is not ':').Select(value => (byte)value)
        select (byte[])[.. Utf8(start), (byte)'!', .. junk, .. " :\r\n\r\n"u8];

    private static Gen<JunkRequest> Types() =>
        from text in Gen.OneOf(
            Gen.OneOf(
            "", "text/plain", "application/json; charset=utf-16", "application/json, application/json",
            "multipart/form-data; boundary=x"),
            Texts.Select(text => "text/" + Line(text)))
        from isDraw in Gen.OneOf(false, true)
        select isDraw
            ? JunkRequest.Draw("type of a body", 415, Utf8(DrawBody), $"Content-Type: {text}\r\n")
            : JunkRequest.Create("type of a body", 415, Utf8(CreateBody), $"Content-Type: {text}\r\n");

    private static Gen<JunkRequest> Keys() =>
        from text in Gen.OneOf(
            Gen.OneOf("", " ", "a b", "one\r\nIdempotency-Key: one", new string('k', 256)),
            Texts.Select(text => "ü" + Line(text)),
            Texts.Select(text => $"a {Line(text)}b"))
        from route in Gen.OneOf(
            ("GET", "/random", ""), ("HEAD", "/random", ""), ("GET", "/pools/default/random", ""),
            ("POST", "/pools/default/draws", DrawBody))
        select new JunkRequest(
            "key", 400, route.Item1, route.Item2,
            $"Content-Type: application/json\r\nIdempotency-Key: {Encoding.Latin1.GetString(Utf8(text))}\r\n", Utf8(route.Item3));

    private static JunkRequest OnPool(string rule, int status, (string Method, string Path, string Body) route, string name) =>
        new(rule, status, route.Method, $"/pools/{name}{route.Path}", "Content-Type: application/json\r\n", Utf8(route.Body));

    /// <summary>Returns a text without line breaks.</summary>
    private static string Line(string text) => text.Replace('\r', ' ').Replace('\n', ' ');

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
