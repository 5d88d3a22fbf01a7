# What leaves PowerShell: JSON, CSV and CLIXML of the module's objects are those of the same answers parsed as JSON, which
# is what scripts had before.

BeforeDiscovery {
    $lists = @(
        @{ Command = 'Get-DrmmDevice'; Path = 'v2/account/devices?max=250'; Items = 'devices' }
        @{ Command = 'Get-DrmmDevice -TypedUdf'; Path = 'v3/account/devices?max=250'; Items = 'devices' }
        @{ Command = 'Get-DrmmSite'; Path = 'v2/account/sites?max=250'; Items = 'sites' }
        @{ Command = 'Get-DrmmAlert'; Path = 'v2/account/alerts/open?max=250'; Items = 'alerts' }
        @{ Command = 'Get-DrmmAlert -Status Resolved'; Path = 'v2/account/alerts/resolved?max=250'; Items = 'alerts' }
        @{ Command = 'Get-DrmmUser'; Path = 'v2/account/users?max=250'; Items = 'users' }
        @{ Command = 'Get-DrmmComponent'; Path = 'v2/account/components?max=250'; Items = 'components' }
        @{ Command = 'Get-DrmmVariable'; Path = 'v2/account/variables?max=250'; Items = 'variables' }
        @{ Command = 'Get-DrmmFilter -Custom'; Path = 'v2/filter/custom-filters?max=250'; Items = 'filters' }
        @{ Command = 'Get-DrmmAccountDevices'; Path = 'v2/account/devices?max=250'; Items = 'devices' }
        @{ Command = 'Get-DrmmAccountSites'; Path = 'v2/account/sites?max=250'; Items = 'sites' }
        @{
            Command = 'Get-DrmmAccountAlertsOpen'
            Path = 'v2/account/alerts/open?max=250&muted=False'
            Items = 'alerts'
        }
        @{ Command = 'Get-DrmmAccountUsers'; Path = 'v2/account/users?max=250'; Items = 'users' }
        @{ Command = 'Get-DrmmAccountVariables'; Path = 'v2/account/variables?max=250'; Items = 'variables' }
        @{ Command = 'Get-DrmmAccount'; Path = 'v2/account'; Items = '' }
        @{ Command = 'Get-DrmmDevice -DeviceUid $device.uid'; Path = 'v2/device/$($device.uid)'; Items = '' }
        @{ Command = 'Get-DrmmAuditDevice $device.uid'; Path = 'v2/audit/device/$($device.uid)'; Items = '' }
        @{
            Command = 'Get-DrmmAuditDeviceSoftware $device.uid'
            Path = 'v2/audit/device/$($device.uid)/software?max=250'
            Items = 'software'
        }
        @{
            Command = 'Get-DrmmSiteDeviceNetworkInterfaces $device.siteUid'
            Path = 'v2/site/$($device.siteUid)/devices/network-interface?max=250'
            Items = 'devices'
        }
        @{
            Command = 'Get-DrmmSiteSettings $device.siteUid'
            Path = 'v2/site/$($device.siteUid)/settings'
            Items = ''
        }
        @{ Command = 'Get-DrmmActivityLog'; Path = 'v2/activity-logs?size=250'; Items = 'activities' }
        @{ Command = 'Get-DrmmJobStatus $job.job.uid'; Path = 'v2/job/$($job.job.uid)'; Items = '' }
    )
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 30 --sites 4 --alerts-open 20 --alerts-resolved 20 --extra-fields'
    $device = @(Get-DrmmDevice | Where-Object deviceClass -eq device)[0]
    $job = Start-DrmmQuickJob -Component (Get-DrmmComponent)[0].uid -DeviceUid $device.uid

    # Both, as the rows of the list say.
    function Get-Both([string] $Command, [string] $Path, [string] $Items) {
        $parsed = Get-Parsed $sim $ExecutionContext.InvokeCommand.ExpandString($Path)
        if ($Items) {
            $parsed = $parsed.$Items
        }
        [pscustomobject]@{ Ours = @(Invoke-Expression $Command); Parsed = @($parsed) }
    }

    # Field by field, to the last: names, order and values.
    function Assert-Same($Ours, $Parsed, [string] $Where) {
        if ($Parsed -is [Management.Automation.PSCustomObject]) {
            $names = @($Parsed.PSObject.Properties.Name)
            @($Ours.PSObject.Properties.Name) -join ' ' | Should -BeExactly ($names -join ' ') -Because $Where
            foreach ($name in $names) {
                Assert-Same $Ours.$name $Parsed.$name "$Where.$name"
            }
        }
        elseif ($Parsed -is [array]) {
            # A comma keeps an array in one piece: a list in a field is one in ours.
            , $Ours | Should -BeOfType [array] -Because $Where
            $Ours.Count | Should -Be $Parsed.Count -Because $Where
            for ($i = 0; $i -lt $Parsed.Count; $i++) {
                Assert-Same $Ours[$i] $Parsed[$i] "$Where[$i]"
            }
        }
        elseif ("$Ours" -cne "$Parsed" -or ($null -eq $Ours) -ne ($null -eq $Parsed)) {
            # Thousands of values pass here; Should takes a millisecond for each.
            $Ours | Should -BeExactly $Parsed -Because $Where
        }
    }

    # Windows PowerShell parses a fraction as a decimal, which keeps the zeros at its end.
    function Get-Json($Objects) {
        (ConvertTo-Json $Objects -Depth 12) -replace '(?<=: *-?\d+)\.0+(?=[,\s])'
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'ConvertTo-Json' {
    It 'gives the text that parsed JSON gives: <Command>' -ForEach $lists {
        $both = Get-Both $Command $Path $Items

        $both.Ours.Count | Should -Be $both.Parsed.Count
        $both.Ours.Count | Should -BeGreaterThan 0
        Get-Json $both.Ours | Should -BeExactly (Get-Json $both.Parsed)
    }

    It 'gives the same text cut off at the usual depth' {
        $both = Get-Both 'Get-DrmmDevice' 'v2/account/devices?max=250' 'devices'

        $both.Ours | ConvertTo-Json -WarningAction Ignore |
            Should -BeExactly ($both.Parsed | ConvertTo-Json -WarningAction Ignore)
    }
}

Describe 'Export-Csv' {
    It 'writes the rows that parsed JSON gives: <Command>' -ForEach $lists {
        $both = Get-Both $Command $Path $Items
        $ours = Join-Path $TestDrive 'ours.csv'
        $parsed = Join-Path $TestDrive 'parsed.csv'

        $both.Ours | Export-Csv $ours -NoTypeInformation -Encoding UTF8
        $both.Parsed | Export-Csv $parsed -NoTypeInformation -Encoding UTF8

        Get-Content $ours -Raw -Encoding UTF8 | Should -BeExactly (Get-Content $parsed -Raw -Encoding UTF8)
    }

    It 'writes the rows that ConvertTo-Csv gives, with a separator of its own' {
        $both = Get-Both 'Get-DrmmDevice' 'v2/account/devices?max=250' 'devices'

        $both.Ours | ConvertTo-Csv -NoTypeInformation -Delimiter ';' |
            Should -BeExactly ($both.Parsed | ConvertTo-Csv -NoTypeInformation -Delimiter ';')
    }
}

Describe 'Export-Clixml' {
    It 'brings back every field, as its own type and without others: <Command>' -ForEach $lists {
        $both = Get-Both $Command $Path $Items
        $file = Join-Path $TestDrive 'objects.xml'

        $both.Ours | Export-Clixml $file -Depth 8
        $back = @(Import-Clixml $file)

        $back.Count | Should -Be $both.Parsed.Count
        Get-Json $back | Should -BeExactly (Get-Json $both.Parsed)
        $back[0].PSObject.TypeNames[0] | Should -Be "Deserialized.$($both.Ours[0].PSObject.TypeNames[0])"
    }
}

Describe 'An object' {
    It 'has the fields that parsed JSON has, in their order and with their values: <Command>' -ForEach $lists {
        $both = Get-Both $Command $Path $Items

        for ($i = 0; $i -lt $both.Parsed.Count; $i++) {
            Assert-Same $both.Ours[$i] $both.Parsed[$i] "[$i]"
        }
    }

    It 'shows the members that parsed JSON has in Get-Member, and the methods on top' {
        $both = Get-Both 'Get-DrmmDevice' 'v2/account/devices?max=250' 'devices'

        $ours = $both.Ours[0] | Get-Member
        $parsed = $both.Parsed[0] | Get-Member

        $fields = $ours | Where-Object MemberType -eq NoteProperty
        $fields.Name | Should -Be ($parsed | Where-Object MemberType -eq NoteProperty).Name
        @($ours | Where-Object { $_.Name -notin $parsed.Name }).Name | Should -Be 'GetTime'
    }

    It 'can be selected, excluded and expanded as parsed JSON can' {
        $both = Get-Both 'Get-DrmmDevice' 'v2/account/devices?max=250' 'devices'
        $ways = @(
            { $args[0] | Select-Object hostname, udf, nothing }
            { $args[0] | Select-Object * -ExcludeProperty udf, antivirus }
            { $args[0] | Select-Object -ExpandProperty udf }
            { $args[0] | Select-Object -ExpandProperty deviceType | Group-Object category -NoElement }
            { $args[0] | Sort-Object siteName, hostname | Select-Object -Last 3 }
            { $args[0] | Group-Object siteName -AsHashTable -AsString | ForEach-Object { $_.Keys | Sort-Object } }
            { $args[0] | Select-Object @{ n = 'av'; e = { $_.antivirus.antivirusStatus } }, siteUid -Unique }
        )

        foreach ($way in $ways) {
            ConvertTo-Json @(& $way $both.Ours) -Depth 6 |
                Should -BeExactly (ConvertTo-Json @(& $way $both.Parsed) -Depth 6) -Because $way
        }
    }
}
