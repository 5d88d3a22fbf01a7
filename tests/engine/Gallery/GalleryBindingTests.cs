using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests.Gallery;

/// <summary>Arguments of scripts for the gallery module bind here as they did there.</summary>
public sealed class GalleryBindingTests : GalleryTest
{
    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_parameter_is_there_and_is_a_switch_or_none(string name)
    {
        CommandInfo info = Info(name);

        Assert.All(GallerySurface.Command(name).Parameters, expected =>
            Assert.Equal(expected.IsSwitch, Parameter(info, expected).SwitchParameter));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_parameter_has_its_place(string name)
    {
        CommandInfo info = Info(name);

        // Where a command has more sets, the gallery's is the one in which this parameter has its place.
        Assert.All(GallerySurface.Command(name).Parameters, expected => Assert.Contains(
            Parameter(info, expected).ParameterSets.Values,
            set => expected.Position == (set.Position < 0 ? null : set.Position)));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Nothing_is_mandatory_that_was_not(string name)
    {
        CommandInfo info = Info(name);

        Assert.All(
            GallerySurface.Command(name).Parameters.Where(parameter => !parameter.Sets.Values.Contains(true)),
            expected => Assert.DoesNotContain(Parameter(info, expected).ParameterSets.Values, set => set.IsMandatory));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_took_input_from_the_pipeline_still_does(string name)
    {
        CommandInfo info = Info(name);

        Assert.All(
            GallerySurface.Command(name).Parameters.Where(parameter => parameter.FromPipeline),
            expected => Assert.Contains(
                Parameter(info, expected).ParameterSets.Values, set => set.ValueFromPipeline));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Arguments_without_names_mean_what_they_meant(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        GalleryParameter[] placed =
            [.. command.Parameters.Where(parameter => parameter.Position != null)
                .OrderBy(parameter => parameter.Position)];
        for (int count = 1; count <= placed.Length; count++)
        {
            GalleryParameter[] given = placed[..count];
            GalleryCase one = GalleryCase.Of(
                command, GalleryParameter.AllSets, [.. given.Select(parameter => parameter.Name)]);
            string[] rest = [.. one.Bound.Select(pair => command.Parameter(pair.Key)).Except(given)
                .Select(parameter => Samples.Argument(one, parameter))];
            string[] values = [.. given.Select(parameter => Samples.Of(one, parameter).Script)];

            Assert.Equal(Sent(Script(one)), Sent($"{command} {string.Join(' ', [.. values, .. rest])}"));
            // Names may stand anywhere between them.
            Assert.Equal(Sent(Script(one)), Sent($"{command} {string.Join(' ', [.. rest, .. values])}"));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_abbreviation_that_bound_there_binds_here_to_the_same_parameter(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        Engine.Run(GalleryToy.Of(command));
        foreach (GalleryParameter parameter in command.Parameters)
        {
            GalleryCase one = GalleryCase.With(command, parameter);
            string expected = string.Join('\n', Sent(Script(one)));
            for (int length = 1; length < parameter.Name.Length; length++)
            {
                string prefix = parameter.Name[..length];
                string arguments = string.Join(' ', one.Bound.Select(pair => Samples.Argument(
                    one, command.Parameter(pair.Key), pair.Key == parameter.Name ? prefix : null)));
                Outcome there = Engine.Invoke($"Toy {arguments}");
                if (there.Errors.Count > 0 || !there.Texts.Contains(parameter.Name))
                {
                    // It was ambiguous there too, or a stray argument.
                    continue;
                }
                Assert.Equal(expected, string.Join('\n', Sent($"{name} {arguments}")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_mandatory_parameter_that_is_left_out_is_an_error_or_widens_the_scope(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        foreach ((GalleryCase one, GalleryParameter missing) in Mandatory(command))
        {
            GalleryCase without = one with { Bound = [.. one.Bound.Where(pair => pair.Key != missing.Name)] };
            GalleryDeparture? departure = GalleryDeparture.Find(GalleryAspect.LeftOut, command, missing);

            Outcome outcome = Invoke(
                $"{Script(without)} {departure?.Arguments}", out IReadOnlyList<Received> received);

            Assert.Equal(departure != null, outcome.Errors.Count == 0);
            Assert.Equal(departure != null, received.Count > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_mandatory_parameter_that_says_nothing_is_an_error_and_nothing_is_sent(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        foreach ((GalleryCase one, GalleryParameter empty) in Mandatory(command))
        {
            foreach (string nothing in new[] { "$null", "$missing.uid", "@()", "''" })
            {
                // The value of a variable may be empty, there as here; null it may not be.
                bool isValue = empty.Name == "value" && nothing == "''";
                string[] others = [.. one.Bound.Where(pair => pair.Key != empty.Name)
                    .Select(pair => Samples.Argument(one, command.Parameter(pair.Key)))];
                string[] scripts = empty.Position == null
                    ? [$"-{empty.Name} {nothing}"]
                    // It is the only one without a name.
                    : [$"-{empty.Name} {nothing}", nothing];
                foreach (string script in scripts.Select(own => $"{command} {own} {string.Join(' ', others)}"))
                {
                    Outcome outcome = Invoke(script, out IReadOnlyList<Received> received);

                    Assert.True(isValue || outcome.Errors.Count > 0, $"{script} is no error");
                    Assert.True(isValue == received.Count > 0, $"{script}: {string.Join("; ", received)}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_value_that_was_not_in_the_list_is_an_error_and_nothing_is_sent(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        foreach (GalleryParameter parameter in command.Parameters.Where(parameter => parameter.Values.Count > 0))
        {
            GalleryCase one = GalleryCase.With(command, parameter);
            if (GalleryDeparture.Is(GalleryAspect.Values, command, parameter))
            {
                // The sample itself is none of the values.
                Assert.DoesNotContain(Samples.Of(one, parameter).Text, parameter.Values);
                Engine.Run(Script(one));
                continue;
            }
            string others = string.Join(' ', one.Bound.Where(pair => pair.Key != parameter.Name)
                .Select(pair => Samples.Argument(one, command.Parameter(pair.Key))));

            Outcome outcome = Invoke(
                $"{command} -{parameter.Name} neither {others}", out IReadOnlyList<Received> received);

            Assert.Equal(ErrorCategory.InvalidData, outcome.Error.CategoryInfo.Category);
            Assert.Empty(received);
            // Case does not matter.
            Assert.Equal(
                Sent(Script(one)),
                Sent($"{command} -{parameter.Name} {parameter.Values[0].ToUpperInvariant()} {others}"),
                StringComparer.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameters_of_different_sets_exclude_each_other(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        GalleryCase[] fullest =
            [.. GalleryCase.Of(command).GroupBy(one => one.Set).Select(alike => alike.MaxBy(one => one.Bound.Count)!)];
        foreach (GalleryCase one in fullest)
        {
            foreach ((string other, _) in fullest.SelectMany(other => other.Bound).Where(pair => !one.Has(pair.Key)))
            {
                string script = $"{Script(one)} {Samples.Argument(one, command.Parameter(other))}";

                Outcome outcome = Invoke(script, out IReadOnlyList<Received> received);

                Assert.True(outcome.Errors.Count > 0, script);
                Assert.Empty(received);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_parameter_takes_what_could_be_passed_there(string name)
    {
        GalleryCommand command = GallerySurface.Command(name);
        Engine.Run(GalleryToy.Of(command));
        foreach (GalleryParameter parameter in command.Parameters)
        {
            GalleryCase one = GalleryCase.With(command, parameter);
            foreach ((string value, string same) in GalleryConversions.Of(parameter, Samples.Of(one, parameter)))
            {
                string others = string.Join(' ', one.Bound.Where(pair => pair.Key != parameter.Name)
                    .Select(pair => Samples.Argument(one, command.Parameter(pair.Key))));
                string colon = parameter.IsSwitch ? ":" : " ";
                string plain = $"-{parameter.Name}{colon}{same} {others}";
                string other = $"-{parameter.Name}{colon}{value} {others}";
                if (Engine.Invoke($"Toy {other}").Errors.Count > 0)
                {
                    // It could not be passed there.
                    continue;
                }

                Assert.True(
                    Unquoted($"{command} {plain}").SequenceEqual(Unquoted($"{command} {other}")),
                    $"{command} {other} sends not what {plain} does");
            }
        }

        // A number may go as the number or as its text; the API takes either.
        IEnumerable<string> Unquoted(string script) => Sent(script).Select(line => line.Replace("\"", ""));
    }

    /// <summary>Every mandatory parameter, with the shortest call that has it.</summary>
    private static IEnumerable<(GalleryCase One, GalleryParameter Parameter)> Mandatory(GalleryCommand command) =>
        from one in GalleryCase.Of(command).GroupBy(one => one.Set).Select(alike => alike.First())
        from pair in one.Bound
        let parameter = command.Parameter(pair.Key)
        where parameter.IsMandatoryIn(one.Set)
        select (one, parameter);

    private CommandInfo Info(string name)
    {
        CommandInfo info = (CommandInfo)Engine.Invoke($"Get-Command {name}").Well().One.BaseObject;
        return info is AliasInfo alias ? alias.ResolvedCommand : info;
    }

    /// <summary>The parameter of this name, or with this alias.</summary>
    private static ParameterMetadata Parameter(CommandInfo info, GalleryParameter expected) =>
        info.Parameters.Values.SingleOrDefault(actual =>
            actual.Aliases.Prepend(actual.Name).Contains(expected.Name, StringComparer.OrdinalIgnoreCase))
        ?? throw new KeyNotFoundException($"{info.Name} has no -{expected.Name}");
}
