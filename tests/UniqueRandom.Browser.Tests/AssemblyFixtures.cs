using UniqueRandom.Browser.Tests.Browsing;

[assembly: AssemblyFixture(typeof(Chromium))]
