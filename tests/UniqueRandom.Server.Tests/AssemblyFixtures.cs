using UniqueRandom.Server.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(SeededDatabase))]
