using CsCheck;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Storage.Tests.Postgres;

public sealed class PostgresAddressInputTests(ITestOutputHelper output)
{
    private static readonly Gen<string> Valid = Gen.OneOf(
        "Host=127.0.0.1", "Host=db1.example.com:5433,db2.example.com;Database=numbers;Username=u;Password='top;secret'",
        "Host=[::1]:5432,::1;Port=5433;SSL Mode=Require;Timeout=5", "Host=/var/run/postgresql;Command Timeout=3;Pooling=true",
        "Server=a;User Id=x;Target Session Attributes=primary;Options=-c geqo=off;Maximum Pool Size=20");

    /// <summary>The message about one that can't be read does not have the password.</summary>
    [Fact]
    public Task A_damaged_connection_string_is_refused_or_has_hosts_with_ports() => InputSearch.RunAsync(
        Valid.Mutated(),
        text =>
        {
            try
            {
                var hosts = PostgresAddress.HostsOf(text);
                Assert.NotEmpty(hosts);
                Assert.All(hosts, host => Assert.InRange(host.Port, 1, 65535));
                Assert.StartsWith("PostgreSQL ", PostgresAddress.Describe(text));
                return true;
            }
            catch (StoreRefusedException error)
            {
                // Damage may also make the password a host, which is named.
                var isUnreadable = error.Message.StartsWith("The connection string can't be read", StringComparison.Ordinal);
                Assert.False(isUnreadable && error.Message.Contains("top;secret", StringComparison.Ordinal), error.Message);
                return false;
            }
        },
        output);
}
