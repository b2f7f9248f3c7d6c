using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Postgres;

[assembly: AssemblyFixture(typeof(SeededDatabase))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
