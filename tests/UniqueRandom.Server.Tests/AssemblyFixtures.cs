using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Server.Tests.Series;
using UniqueRandom.Testing.Postgres;

[assembly: AssemblyFixture(typeof(SeededDatabase))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(FaultTable))]
