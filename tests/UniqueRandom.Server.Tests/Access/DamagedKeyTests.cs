using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using UniqueRandom.Server.Access;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Damaged keys: only the key that was configured is one.</summary>
public sealed class DamagedKeyTests(ITestOutputHelper output)
{
    private const string Key = "0f3b9a1c5d7e2f4a6b8c0d1e3f5a7b9c";

    [Fact]
    public async Task A_header_is_refused_unless_it_has_the_whole_key()
    {
        var ring = new KeyRing(new AccessOptions
        {
            Keys = [new ApiKey("shop", SHA256.HashData(Encoding.UTF8.GetBytes(Key)), ["draw"], 1000)],
            WrongCodesPerMinute = 20,
            AllowsAnonymous = false,
            Hosts = null,
            Proxies = null,
        });
        using var failures = new FailureLimit();
        var scheme = new AuthenticationScheme(BearerKeys.Scheme, null, typeof(BearerKeys));
        await InputSearch.RunAsync(
            Gen.OneOf($"Bearer {Key}", $"bearer   {Key}  ", $"Basic {Key}").Mutated(),
            header =>
            {
                var context = new DefaultHttpContext { Request = { Headers = { Authorization = header } } };
                var handler = new BearerKeys(ring, failures);
                handler.InitializeAsync(scheme, context).GetAwaiter().GetResult();
                var isKey = handler.AuthenticateAsync().GetAwaiter().GetResult().Succeeded;
                var hasScheme = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
                Assert.Equal(hasScheme && header[7..].Trim(' ') == Key, isKey);
                return isKey;
            },
            output);
    }
}
