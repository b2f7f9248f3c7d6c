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

    /// <summary>No message has the password, even of a connection string that can't be read.</summary>
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
                Assert.DoesNotContain("top;secret", PostgresAddress.Describe(text));
                return true;
            }
            catch (StoreRefusedException error)
            {
                Assert.DoesNotContain("top;secret", error.Message);
                return false;
            }
        },
        output);
}
