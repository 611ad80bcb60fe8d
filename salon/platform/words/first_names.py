"""Common first names, folded: two of them are never one another with a fault."""

_NAMES = """
adam adele adrien agathe agnes aime aimee alain alan albert alexandra alexandre alexia alexis alice
aline alix ambre amelie anais andre andrea andree ange angele angelique anna anne annick annie
antoine antonin ariane armand armelle arnaud arthur astrid aude audrey aurelie aurelien axel axelle
baptiste basile bastien beatrice benedicte benjamin benoit bernadette bernard bertrand blanche brice
brigitte bruno camille carine carole caroline catherine cecile cedric celestin celine chantal
charlene charles charline charlotte chloe christel christelle christian christiane christine
christophe claire clara clarisse claude claudette claudine clement clementine colette coralie corine
corinne cyril cyrille damien daniel daniele danielle david deborah delphine denis denise desire
desiree diane didier dominique dorothee edith edmond edouard elena eleonore eliane elie eliott
elisabeth elise elodie eloise elsa emeline emile emilie emilien emma emmanuel emmanuelle eric erica
erick ernest estelle esther etienne eugene eugenie eva evelyne fabien fabienne fabrice fanny felix
fernand fernande flavie flavien flore florence florent florian france francette francine francis
franck francois francoise frederic frederique gabriel gabrielle gael gaelle gaetan genevieve georges
gerald geraldine gerard germain germaine ghislain ghislaine gilbert gilberte gilles gisele gregory
guillaume guy gwenael gwenaelle helene henri henriette herve hubert hugo hugues ines irene isabelle
ivan jacqueline jacques jade jean jeanne jeannine jeremie jeremy jerome joel joelle jonathan jordan
joris jose josee joseph josephine josette josiane jules julia julian julie julien julienne juliette
justin justine karim karima karine kevin laetitia lara laura laure laurence laurent laurie lea leila
lena leo leon leonie liliane lina line lionel lisa lise loic lola louis louisa louise louison luc
luca lucas lucette lucie lucien lucienne lucile lucille ludivine ludovic lydia lydie madeleine mael
maelle magali manon manuel marc marcel marcelle margaux marguerite maria marianne marie marin marina
marine marion marius marlene martial martin martine mathias mathieu mathilde mathis matthieu maud
maude maurice maxence maxime melanie melissa michael michel michele michelle mickael mireille
mohamed monique morgan morgane muriel myriam nadege nadia nadine nathalie nathan nicolas nicole nina
noel noelle noemie odette odile olga olive olivia olivier oscar pascal pascale pascaline patrice
patricia patrick paul paula paule paulette pauline perrine philippe pierre pierrette quentin rachel
rachid raoul raphael raphaelle raymond raymonde regine regis remi remy renaud rene renee richard
robert robin rodolphe roger roland rolande romain romane romuald rose roselyne rosine roxane sabine
sabrina samia samir samuel sandra sandrine sara sarah sebastien serge severine simon simone solange
sonia sophie stephane stephanie suzanne suzette sylvain sylvaine sylvette sylviane sylvie tanguy
theo theodore theophile therese thibaud thibaut thierry thomas timothee tom tristan ugo valentin
valentine valerie vanessa veronique victoire victor victoria vincent violette virginie viviane
vivien william xavier yann yannick yoann yohan yolande yves yvette yvon yvonne zoe
"""
FIRST_NAMES = frozenset(_NAMES.split())
