using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Postgres;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
