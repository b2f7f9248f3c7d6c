using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace UniqueRandom.Server.Verification;

/// <summary>
/// The page at /verify: one file, composed of the sources in wwwroot. It works from disk as well, so it has its policy in it.
/// </summary>
internal sealed class VerificationPage
{
    private static readonly string[] Scripts =
    [
        "text", "json", "codes", "status", "order", "aes", "computed", "sha256", "imported", "segments", "lines", "log", "audit",
        "worker", "page",
    ];

    public VerificationPage()
    {
        var style = Read("verify/style.css");
        var script = string.Concat(Scripts.Select(name => Read($"verify/{name}.js")));
        var policy =
            $"default-src 'none'; script-src {HashOf(script)}; style-src {HashOf(style)}; img-src data:; worker-src blob:; "
            + "connect-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types worker";
        var meta = $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">";
        var page = Read("verify.html")
            .Replace("<title>", $"{meta}\n<title>", StringComparison.Ordinal)
            .Replace("</style>", style + "</style>", StringComparison.Ordinal)
            .Replace("</script>", script + "</script>", StringComparison.Ordinal);
        Body = Encoding.UTF8.GetBytes(page);
        // A policy in a file can't restrict frames.
        Policy = policy + "; frame-ancestors 'none'";
        Tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Body))}\"");
    }

    public byte[] Body { get; }

    public string Policy { get; }

    public EntityTagHeaderValue Tag { get; }

    private static string HashOf(string inline) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inline)))}'";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(VerificationPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
