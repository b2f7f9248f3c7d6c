using UniqueRandom.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]
