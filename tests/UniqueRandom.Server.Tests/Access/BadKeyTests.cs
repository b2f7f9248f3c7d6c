using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>
/// Invalid configurations of keys. A value in place of a hash is not repeated, because it may be the key.
/// </summary>
public sealed class BadKeyTests : IDisposable
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string RoleRule = "Keys:shop:Roles must be one or more of read, draw, lookup, admin";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("my secret")]
    [InlineData(Hash + "0")]
    [InlineData("g" + "f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    public Task An_invalid_hash_is_refused(string hash) =>
        RefusedAsync(
            "Keys:shop:Sha256 must be the SHA-256 of the key as 64 hexadecimal digits.", ("shop__Sha256", hash),
            ("shop__Roles", "draw"));

    [Fact]
    public Task A_missing_hash_is_refused() =>
        RefusedAsync("Keys:shop:Sha256 must be the SHA-256 of the key", ("shop__Roles", "draw"));

    [Fact]
    public Task The_hash_of_an_empty_key_is_refused() =>
        RefusedAsync(
            "Keys:shop:Sha256 is the hash of an empty key", ("shop__Sha256", KeyHolder.HashOf("")), ("shop__Roles", "draw"));

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("Draw")]
    [InlineData("draw;admin")]
    [InlineData("draw, owner")]
    public Task An_invalid_role_is_refused(string roles) =>
        RefusedAsync(RoleRule, ("shop__Sha256", Hash), ("shop__Roles", roles));

    [Fact]
    public async Task Missing_roles_and_roles_in_a_list_are_refused()
    {
        await RefusedAsync(RoleRule, ("shop__Sha256", Hash));
        await RefusedAsync(
            RoleRule, ("shop__Sha256", Hash), ("shop__Roles__0", "draw"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1000001")]
    [InlineData("1.5")]
    public async Task A_rate_out_of_range_is_refused(string requests)
    {
        await RefusedAsync(
            "Keys:shop:RequestsPerSecond must be an integer from 1 to 1000000",
            ("shop__Sha256", Hash),
            ("shop__Roles", "draw"),
            ("shop__RequestsPerSecond", requests));
        await BadStart.RefusedAsync(
            directory,
            "--requests-per-second (UniqueRandom__RequestsPerSecond) must be an integer from 1 to 1000000",
            "--requests-per-second",
            requests);
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("my shop")]
    [InlineData("shöp")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public Task An_invalid_name_is_refused(string name) =>
        RefusedAsync(
            $"Keys:{name} is not a valid name of a key; use 1 to 64 of the characters a-z 0-9 - _.", ($"{name}__Sha256", Hash),
            ($"{name}__Roles", "draw"));

    [Fact]
    public Task An_unknown_member_is_refused() => RefusedAsync(
        "Unknown setting 'UniqueRandom:Keys:shop:Role'; a key has Sha256, Roles, RequestsPerSecond.",
        ("shop__Sha256", Hash),
        ("shop__Roles", "draw"),
        ("shop__Role", "admin"));

    [Fact]
    public Task One_key_under_two_names_is_refused() => RefusedAsync(
        "Keys:shop:Sha256 is the same as that of office",
        ("office__Sha256", Hash),
        ("office__Roles", "admin"),
        ("shop__Sha256", Hash.ToUpperInvariant()),
        ("shop__Roles", "draw"));

    [Fact]
    public async Task A_value_in_place_of_a_section_is_refused_and_not_repeated()
    {
        await RefusedAsync("UniqueRandom:Keys:shop must be a section with Sha256, Roles, RequestsPerSecond.", ("shop", "secret"));
        await BadStart.RefusedAsync(
            directory,
            "UniqueRandom:Keys must have a section for each key, like UniqueRandom:Keys:shop:Sha256.",
            new Dictionary<string, string> { ["UniqueRandom__Keys"] = "secret" });
    }

    private Task RefusedAsync(string expected, params (string Setting, string Value)[] settings) =>
        BadStart.RefusedAsync(
            directory, expected,
            settings.ToDictionary(setting => $"UniqueRandom__Keys__{setting.Setting}", setting => setting.Value));
}
