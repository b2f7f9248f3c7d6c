using UniqueRandom.Server.Tests.Fixtures;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The commands that don't draw.</summary>
public sealed class CommandTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Theory]
    [InlineData("PING", "+PONG")]
    [InlineData("ping", "+PONG")]
    [InlineData("PING|hello", "$hello")]
    [InlineData("ECHO|", "$")]
    [InlineData("ECHO|a\r\nb\0€", "$a\r\nb\0€")]
    [InlineData("SELECT|0", "+OK")]
    [InlineData("SELECT|1", "-ERR DB index is out of range. There is only 0.")]
    [InlineData("client|setinfo|lib-name|test", "+OK")]
    [InlineData("CLIENT|KILL", "-ERR invalid subcommand. CLIENT has ID, GETNAME, SETNAME and SETINFO.")]
    [InlineData("CLIENT|SETNAME|a b", "-ERR The name of a client has visible ASCII characters only.")]
    [InlineData("COMMAND|COUNT", ":13")]
    [InlineData("COMMAND|GETKEYS|SPOP|x", "-ERR invalid subcommand. COMMAND has COUNT, LIST, INFO and DOCS.")]
    [InlineData("HELLO|4", "-NOPROTO unsupported protocol version. Use 2 or 3.")]
    [InlineData("HELLO|three", "-NOPROTO unsupported protocol version. Use 2 or 3.")]
    [InlineData("HELLO|3\0", "-NOPROTO unsupported protocol version. Use 2 or 3.")]
    [InlineData("HELLO|3|SETNAME", "-ERR syntax error in HELLO. Usage: HELLO [version [AUTH name key] [SETNAME name]]")]
    [InlineData("HELLO|3|AUTH|default", "-ERR syntax error in HELLO. Usage: HELLO [version [AUTH name key] [SETNAME name]]")]
    [InlineData("HELLO|3|SETNAME|a b", "-ERR The name of a client has visible ASCII characters only.")]
    [InlineData("AUTH|key", "-ERR The server has no access keys, so AUTH is not needed.")]
    [InlineData("HELLO|3|AUTH|default|key", "-ERR The server has no access keys, so AUTH is not needed.")]
    [InlineData("QUIT", "+OK")]
    public async Task A_command_has_the_same_answer_in_both_versions(string command, string answer)
    {
        foreach (var version in (int[])[2, 3])
        {
            using var client = await server.ConnectAsync(version);
            Assert.Equal(answer, $"{await client.CallAsync(command.Split('|'))}");
        }
    }

    [Fact]
    public async Task A_connection_has_an_ID_and_keeps_its_name_until_RESET()
    {
        using var client = await server.ConnectAsync(3);
        using var other = await server.ConnectAsync();
        Assert.NotEqual($"{await client.CallAsync("CLIENT", "ID")}", $"{await other.CallAsync("CLIENT", "ID")}");
        Assert.Equal("_nil", $"{await client.CallAsync("CLIENT", "GETNAME")}");
        Assert.Equal("+OK", $"{await client.CallAsync("CLIENT", "SETNAME", "tombola")}");
        Assert.Equal("$tombola", $"{await client.CallAsync("CLIENT", "GETNAME")}");

        Assert.Equal("+RESET", $"{await client.CallAsync("RESET")}");

        Assert.Equal("$nil", $"{await client.CallAsync("CLIENT", "GETNAME")}");
    }

    [Fact]
    public async Task HELLO_describes_the_server_and_chooses_the_version()
    {
        using var client = await server.ConnectAsync();
        foreach (var (version, type) in (ValueTuple<string, char>[])[("2", '*'), ("3", '%'), ("2", '*')])
        {
            var hello = await client.CallAsync("HELLO", version, "SETNAME", $"version-{version}");
            Assert.Equal(type, hello.Type);
            Assert.StartsWith(
                $"{type}[$server, $uniquerandom, $version, $7.2.0, $proto, :{version}, $id, :", $"{hello}",
                StringComparison.Ordinal);
            Assert.EndsWith("$mode, $standalone, $role, $master, $modules, *[]]", $"{hello}", StringComparison.Ordinal);
            Assert.Equal($"{hello}", $"{await client.CallAsync("HELLO")}");
            Assert.Equal($"$version-{version}", $"{await client.CallAsync("CLIENT", "GETNAME")}");
        }
    }

    [Fact]
    public async Task A_HELLO_that_is_refused_changes_nothing()
    {
        using var client = await server.ConnectAsync();
        (await client.CallAsync("HELLO", "3", "SETNAME", "b c")).Error("ERR The name of a client");
        (await client.CallAsync("HELLO", "3", "SETNAME", "a", "AUTH", "default", "key")).Error("ERR The server has no access");
        Assert.Equal("$nil", $"{await client.CallAsync("CLIENT", "GETNAME")}");
    }

    [Fact]
    public async Task COMMAND_describes_the_commands()
    {
        using var client = await server.ConnectAsync(3);
        var all = await client.CallAsync("COMMAND");
        Assert.Equal(13, all.Items!.Length);
        Assert.Equal("*[*[$spop, :-2, ~[+write], :1, :1, :1]]", $"{await client.CallAsync("COMMAND", "INFO", "SPOP")}");
        Assert.Equal(
            "*[*[$ping, :-1, ~[+fast], :0, :0, :0], _nil]", $"{await client.CallAsync("command", "info", "ping", "GET")}");
        Assert.Equal(
            all.Items.Select(command => $"{command.Items![0]}"),
            (await client.CallAsync("COMMAND", "LIST")).Items!.Select(name => $"{name}"));
        Assert.Equal(26, (await client.CallAsync("COMMAND", "DOCS")).Items!.Length);
        Assert.Equal(
            "%[$scard, %[$summary, $Returns how many numbers are left. SCARD pool, $group, $set]]",
            $"{await client.CallAsync("COMMAND", "DOCS", "SCARD", "GET")}");
    }

    [Fact]
    public async Task INFO_has_the_sections_that_are_asked_for()
    {
        using var client = await server.ConnectAsync();
        var all = (await client.CallAsync("INFO")).Text!;
        Assert.Contains("redis_version:7.2.0\r\n", all, StringComparison.Ordinal);
        Assert.Contains($"tcp_port:{server.Port}\r\n", all, StringComparison.Ordinal);
        Assert.Contains("# Replication\r\nrole:master\r\n", all, StringComparison.Ordinal);
        Assert.Equal(all, (await client.CallAsync("INFO", "everything")).Text);
        var replication = (await client.CallAsync("INFO", "replication")).Text!;
        Assert.StartsWith("# Replication\r\nrole:master\r\n", replication, StringComparison.Ordinal);
        Assert.Equal("$", $"{await client.CallAsync("INFO", "keyspace")}");
    }

    [Fact]
    public async Task QUIT_answers_what_was_sent_before_and_closes_the_connection()
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n*1\r\n$4\r\nPING\r\n"u8.ToArray());
        Assert.Equal("+PONG\r\n+OK\r\n", await client.ReceiveToEndAsync());
    }

    [Theory]
    [InlineData("SPOP", "SPOP pool [count]")]
    [InlineData("SPOP|a|1|2", "SPOP pool [count]")]
    [InlineData("UR.DRAW|a|1", "UR.DRAW pool count key [reference]")]
    [InlineData("UR.DRAW|a|1|k|r|x", "UR.DRAW pool count key [reference]")]
    [InlineData("SCARD", "SCARD pool")]
    [InlineData("SCARD|a|b", "SCARD pool")]
    [InlineData("PING|a|b", "PING [message]")]
    [InlineData("ECHO", "ECHO message")]
    [InlineData("AUTH", "AUTH [name] key")]
    [InlineData("AUTH|a|b|c", "AUTH [name] key")]
    [InlineData("HELLO|3|AUTH|a|b|SETNAME|c|x|y", "HELLO [version [AUTH name key] [SETNAME name]]")]
    [InlineData("CLIENT", "CLIENT ID | GETNAME | SETNAME name | SETINFO attribute value")]
    [InlineData("SELECT", "SELECT 0")]
    [InlineData("RESET|now", "RESET")]
    public async Task A_wrong_number_of_arguments_is_refused_with_the_usage(string command, string usage)
    {
        using var client = await server.ConnectAsync();
        var arguments = command.Split('|');
        Assert.Equal(
            $"-ERR wrong number of arguments for '{arguments[0]}'. Usage: {usage}", $"{await client.CallAsync(arguments)}");
        Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
    }

    [Fact]
    public async Task An_unknown_command_is_quoted_and_the_connection_goes_on()
    {
        using var client = await server.ConnectAsync();
        (await client.CallAsync("GET", "x")).Error("ERR unknown command 'GET'. The commands are SPOP, UR.DRAW, SCARD, ");
        (await client.CallAsync("a\r\n-b")).Error("ERR unknown command 'a  -b'.");
        (await client.CallAsync("")).Error("ERR unknown command ''.");
        (await client.CallAsync(new string('x', 100))).Error($"ERR unknown command '{new string('x', 24)}'.");
        Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
    }
}
