using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace UniqueRandom.Server.Webhooks;

/// <summary>A secret of Standard Webhooks 1 (standardwebhooks.com): <c>whsec_</c> and 24 to 64 bytes in Base64.</summary>
internal sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int SmallestSize = 24;
    private const int LargestSize = 64;

    private readonly byte[] key;

    private WebhookSecret(byte[] key) => this.key = key;

    /// <returns>The secret; null if the text is not one.</returns>
    public static WebhookSecret? Parse(string? text)
    {
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) is not true || !Base64.IsValid(text.AsSpan(Prefix.Length)))
            return null;
        var key = Convert.FromBase64String(text[Prefix.Length..]);
        return key.Length is >= SmallestSize and <= LargestSize ? new WebhookSecret(key) : null;
    }

    /// <summary>Computes the signature of a message, as it is in the header <c>webhook-signature</c>.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
